using Hermes.Core.Configuration;
using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>The skills of a home: every <c>SKILL.md</c> below its <c>skills</c> folder and below <c>skills.external_dirs</c> of config.yaml.</summary>
/// <remarks>
/// <para>Safe for use from any thread; one instance serves an application for its whole life.
/// Each call walks over the folders, and reads only the files that changed; calls at the same time share a walk, on a thread of the pool.</para>
/// <para>Nothing throws because of what is in a file: a skill that cannot be read says so in <see cref="Skill.Problem"/>. Links to folders are
/// followed, each real folder once, none to a folder that the home lies in; a <c>SKILL.md</c> that is a link counts where it leads to a file
/// of that name. Folders more than 20 levels deep, and what is beyond 50,000 entries, are left out. Nothing is ever written.</para>
/// </remarks>
public sealed class SkillCatalog : IDisposable
{
    private readonly HermesHome _home;
    private readonly IFileSystem _fileSystem;
    private readonly ConfigFile _configFile;
    private readonly SkillReader _reader;
    private readonly CancellationTokenSource _disposal = new();
    private readonly Lock _lock = new();
    // The walk that runs or ran last, and the one that those share who asked since it began.
    private Task<Snapshot> _running = Task.FromResult(new Snapshot([]));
    private Task<Snapshot>? _next;
    // From here on for whoever walks, one at a time.
    private IReadOnlyDictionary<string, SkillWalk.Listing> _listings = new Dictionary<string, SkillWalk.Listing>();
    private Snapshot _latest = new([]);

    /// <summary>Lists the skills of <paramref name="home"/>.</summary>
    public SkillCatalog(HermesHome home, IFileSystem fileSystem)
        : this(home, fileSystem, new ConfigFile(home, fileSystem)) { }

    internal SkillCatalog(HermesHome home, IFileSystem fileSystem, ConfigFile configFile)
    {
        (_home, _fileSystem, _configFile) = (home, fileSystem, configFile);
        _reader = new(home, fileSystem);
    }

    /// <summary>All skills, also disabled and broken ones: the home's, then those of each external folder in the order of config.yaml, each
    /// sorted by path in code-point order.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The same list as before where nothing changed; it never changes itself.</returns>
    /// <exception cref="SkillsUnavailableException">The home's folder of skills is there and cannot be listed, or is no folder.</exception>
    /// <exception cref="ObjectDisposedException">The catalog was disposed of.</exception>
    public async Task<IReadOnlyList<Skill>> ListAsync(CancellationToken cancellationToken = default) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Skills;

    /// <summary>The first skill in the list with exactly this name: the home's own comes before an external one. Where none has it, the
    /// first in the category or folder that the name says as <c>category/name</c>, or in a folder of that name: so one of two with the same
    /// name can be told.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="SkillsUnavailableException">As for <see cref="ListAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The catalog was disposed of.</exception>
    public async Task<Skill?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Find(name);

    /// <summary>Stops a walk that runs: whoever waits for it gets an <see cref="OperationCanceledException"/>, or an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_disposal.IsCancellationRequested)
        {
            _disposal.Cancel();
            _disposal.Dispose();
        }
    }

    /// <summary>The skills as they are now, never as they were before the call; the same object as before where nothing changed.</summary>
    internal Task<Snapshot> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        lock (_lock)
        {
            if (_running.IsCompleted) return (_running = Task.Run(Refresh, CancellationToken.None)).WaitAsync(cancellationToken);

            // The walk that runs may have passed already what the caller wants to see.
            return (_next ??= FollowAsync(_running)).WaitAsync(cancellationToken);
        }
    }

    private async Task<Snapshot> FollowAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
            (_running, _next) = (_next!, null);

        return Refresh();
    }

    private Snapshot Refresh()
    {
        var settings = _configFile.ReadOrEmpty()["skills"] as YamlMapping;
        var disabledHere = (settings?["platform_disabled"] as YamlMapping)?["api_server"];
        var disabled = Texts(settings?["disabled"]).Concat(Texts(disabledHere)).ToHashSet(StringComparer.Ordinal);
        var walk = new SkillWalk(_home, _fileSystem, _listings, _disposal.Token);
        var skills = Read(walk, Texts(settings?["external_dirs"]));
        _listings = walk.Listings;
        List<Skill> shown = [.. skills.Select(skill => disabled.Contains(skill.Name) ? skill with { Enabled = false } : skill)];
        return shown.SequenceEqual(_latest.Skills) ? _latest : _latest = new(shown.AsReadOnly());
    }

    private List<Skill> Read(SkillWalk walk, IEnumerable<string> externalFolders)
    {
        try
        {
            // An empty list would say that there are none. In a file there are none, and so the reference says.
            return FileStatus.FindFolderFault(_fileSystem, _home.SkillsFolder, mayBeFile: true) is { } fault
                ? throw new SkillsUnavailableException($"The skills cannot be read: the folder skills, or one above it, is {fault}; put a folder in its place")
                : _reader.Read(walk.Find(externalFolders));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var cure = exception is UnauthorizedAccessException ? ": allow the server's user to list the folder skills" : " just now: try again, or check the disk";
            throw new SkillsUnavailableException($"The skills cannot be read{cure}", exception);
        }
    }

    // What has another shape than it should says nothing. A path may have a comma in it: unlike in a front matter, one text is one entry.
    private static IEnumerable<string> Texts(object? value) => (value is IEnumerable<object?> list ? list : [value])
        .Select(FrontMatter.AsScalar).OfType<string>().Select(text => text.Trim()).Where(text => text.Length > 0);

    /// <summary>All skills at one moment. Immutable and safe for use from any thread.</summary>
    internal sealed class Snapshot(IReadOnlyList<Skill> skills)
    {
        private static readonly Func<Skill, string>[] Names =
            [skill => skill.Name, skill => $"{skill.Category}/{skill.Name}", skill => skill.RelativeFolder, skill => Path.GetFileName(skill.FolderPath)];

        private readonly Dictionary<string, Skill> _byName = Names
            .SelectMany(name => skills.Select(skill => KeyValuePair.Create(name(skill), skill))).DistinctBy(named => named.Key).ToDictionary();

        public IReadOnlyList<Skill> Skills => skills;

        /// <summary>The first skill of this name; else of this category and name, of this folder's path, of this folder's name.</summary>
        public Skill? Find(string name) => _byName.GetValueOrDefault(name);

        /// <summary>The skills of exactly this category, or of all, that have all words of a text in what describes them, in either case.</summary>
        public IReadOnlyList<Skill> Search(string? category, string? text)
        {
            var words = text?.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries) ?? [];
            return [.. Skills.Where(skill => (category is null || skill.Category == category) && words.All(word => Has(skill, word)))];
        }

        // Not in the skill's text: nearly every word is in some long text, so the list would find everything.
        private static bool Has(Skill skill, string word) =>
            ((IEnumerable<string>)[skill.Name, skill.Description, skill.Category, skill.Author, .. skill.Tags, .. skill.Triggers])
                .Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
