using System.Diagnostics;
using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Files;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>The skills of a home: every <c>SKILL.md</c> below its <c>skills</c> folder and below <c>skills.external_dirs</c> of config.yaml.</summary>
/// <remarks>
/// Safe for use from any thread; one instance serves an application for its whole life. Each call looks whether anything changed and
/// opens only the files that did. Nothing throws because of what is in a file: a skill that cannot be read says so in
/// <see cref="Skill.Problem"/>. Nothing is ever written. On Linux's local file systems the kernel notes the changes meanwhile; what it does
/// not note there, writes through mapped memory or through another hard link to a file, shows within a second. On Linux up to 512 folders
/// are kept open in a process, so that a file system with skills cannot be unmounted while they are served.
/// </remarks>
public sealed class SkillCatalog
{
    // Some file systems (FAT, a few network ones) do not change a folder's time with its entries, and some tools set it back.
    private static readonly TimeSpan ListAllInterval = TimeSpan.FromSeconds(30);

    // What is not noted, such as a write through mapped memory, shows after this at the latest.
    private static readonly TimeSpan TrustWatchFor = TimeSpan.FromSeconds(1);

    private readonly SkillRoots _roots;
    private readonly IFileSystem _fileSystem;
    private readonly ConfigFile _configFile;
    private readonly SharedRead<SkillSnapshot> _reading;

    // From here on for whoever reads, one at a time.
    private YamlMapping? _config;
    private SkillSettings _settings = SkillSettings.From(new YamlMapping());
    private List<(SkillRoot Root, SkillFolder Folder)> _folders = [];
    private List<SkillFile> _files = [];
    private SkillSnapshot _latest = new([]);
    private long? _listedAll;

    // Null until a walk found nothing new: while skills change from look to look, watching them would be for nothing.
    private FolderWatch? _watch;
    private bool _isWatchTried;

    // When the last walk began; null where the watch does not note all that it looked at.
    private long? _trustedSince;

    /// <summary>Lists the skills of <paramref name="home"/>.</summary>
    public SkillCatalog(HermesHome home, IFileSystem fileSystem)
        : this(home, fileSystem, new ConfigFile(home, fileSystem))
    {
    }

    internal SkillCatalog(HermesHome home, IFileSystem fileSystem, ConfigFile configFile)
    {
        _roots = new(home, fileSystem);
        _fileSystem = fileSystem;
        _configFile = configFile;
        _reading = new(Refresh, TimeProvider.System);
    }

    /// <summary>
    /// All skills, also disabled and broken ones: the home's, then those of each external folder in the order of config.yaml, each sorted by
    /// path in code-point order.
    /// </summary>
    /// <returns>The same list as before where nothing changed; it never changes itself.</returns>
    public IReadOnlyList<Skill> List() => Read().Skills;

    /// <summary>The first skill in the list with exactly this name: the home's own comes before an external one.</summary>
    /// <returns>Null where there is none.</returns>
    public Skill? Find(string name) => Read().Find(name);

    /// <summary>The skills as they are now.</summary>
    /// <returns>The same object as before where nothing changed.</returns>
    internal ValueTask<SkillSnapshot> ReadAsync() => _reading.ReadAsync();

    private SkillSnapshot Read()
    {
        var reading = _reading.ReadAsync();
        return reading.IsCompleted ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
    }

    private SkillSnapshot Refresh()
    {
        var areSettingsNew = ReadSettings();
        if (!Scan(Stopwatch.GetTimestamp()) && !areSettingsNew)
        {
            return _latest;
        }

        var files = Files();
        if (!areSettingsNew && files.SequenceEqual(_files))
        {
            return _latest;
        }

        _files = files;

        // A folder that lies in another one of the list is reached on two ways.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return _latest = new(files
            .Where(file => seen.Add(file.Skill.FolderPath))
            .Select(file => _settings.Disabled.Contains(file.Skill.Name) ? file.Skill with { Enabled = false } : file.Skill)
            .ToList()
            .AsReadOnly());
    }

    private bool ReadSettings()
    {
        var config = _configFile.ReadOrEmpty();
        if (ReferenceEquals(config, _config))
        {
            return false;
        }

        _config = config;
        _settings = SkillSettings.From(config);
        return true;
    }

    // Whether the files may be others than before.
    private bool Scan(long began)
    {
        var listsAll = _listedAll is null || Stopwatch.GetElapsedTime(_listedAll.Value, began) > ListAllInterval;
        _listedAll = listsAll ? began : _listedAll;

        var roots = _roots.Find(_settings.ExternalFolders);
        var hasChanged = !roots.SequenceEqual(_folders.Select(known => known.Root));
        if (hasChanged)
        {
            var known = _folders.ToDictionary(known => known.Root, known => known.Folder);
            _folders = [.. roots.Select(root => (root, known.Remove(root, out var folder) ? folder : new SkillFolder(root.Path, relativePath: "")))];
            SkillFolder.DisposeAll(known.Values);
        }

        if (hasChanged || listsAll)
        {
            // The folders may lie elsewhere now, and what was moved away is watched no longer.
            _watch?.Dispose();
            _watch = null;
            _isWatchTried = false;
        }
        else if (IsNothingNoted(began))
        {
            return false;
        }

        return Walk(listsAll, began) || hasChanged;
    }

    // What was noted until here is seen by the walk.
    private bool Walk(bool listsAll, long began)
    {
        _trustedSince = null;
        var hasChanged = false;
        var hasUnwatched = false;
        foreach (var (root, folder) in _folders)
        {
            var scan = new SkillScan(_fileSystem, root, DateTimeOffset.UtcNow, listsAll, _watch);
            folder.Visit(scan);
            hasChanged |= scan.HasChanged;
            hasUnwatched |= scan.HasUnwatched;
        }

        if (hasUnwatched)
        {
            // What does not note everything saves nothing, and takes what other programs may need.
            _watch?.Dispose();
            _watch = null;
        }

        _trustedSince = _watch is not null ? began : null;
        if (!hasChanged && !_isWatchTried)
        {
            _isWatchTried = true;
            _watch = TryWatch();
        }

        return hasChanged;
    }

    private bool IsNothingNoted(long now)
    {
        // Asked in any case, or the notes would pile up.
        var hasNotes = _watch is null || _watch.HasChanged();
        return !hasNotes && _trustedSince is { } since && Stopwatch.GetElapsedTime(since, now) < TrustWatchFor
            && _folders.TrueForAll(known => known.Folder.IsUnchanged(_fileSystem));
    }

    private FolderWatch? TryWatch() =>
        _folders.TrueForAll(known => FolderWatch.Serves(_fileSystem, known.Root.Path)) ? FolderWatch.TryOpen() : null;

    private List<SkillFile> Files()
    {
        var files = new List<SkillFile>();
        foreach (var (_, folder) in _folders)
        {
            var found = new List<SkillFile>();
            folder.AddTo(found);
            files.AddRange(found.OrderBy(file => file.RelativePath, CodePointComparer.Instance));
        }

        return files;
    }
}
