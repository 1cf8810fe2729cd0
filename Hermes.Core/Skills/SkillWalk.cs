using System.Text.RegularExpressions;
using Hermes.Core.IO;
using Hermes.Core.Text;

namespace Hermes.Core.Skills;

/// <summary>One walk over folders that finds every <c>SKILL.md</c> in them. For one thread.</summary>
/// <remarks>A folder is listed again when its status changed, else the list of the walk before is taken, which costs a stat, a tenth of
/// listing it. Links to folders are followed behind all else, so that what has a place of its own is found there.</remarks>
internal sealed partial class SkillWalk(
    HermesHome home, IFileSystem fileSystem, IReadOnlyDictionary<string, SkillWalk.Listing> before, CancellationToken cancellationToken)
{
    /// <summary>The name that every skill's file has.</summary>
    public const string FileName = "SKILL.md";
    // Bounds what a link to a large tree can cost.
    private const int MaxLevels = 20, MaxEntries = 50_000;

    // The reference enters all but the first three. Nothing in the others is a skill that somebody wrote: they hold copies and caches.
    internal static readonly HashSet<string> NotEntered =
    [
        ".git", ".github", ".hub",
        ".archive", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".tox", ".nox", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    ];

    // Some file systems (FAT, a few network ones) do not change a folder's time with its entries.
    private static readonly TimeSpan TrustListFor = TimeSpan.FromSeconds(30);

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);
    private readonly HashSet<(UInt128 Identity, string? RealPath)> _visited = [];
    private readonly Queue<(string Path, string RelativePath, int Level)> _links = new();
    private List<Location> _found = [];
    private string? _required;
    private int _entries;

    public IReadOnlyDictionary<string, Listing> Listings => _listings;

    /// <summary>The folders that skills lie in: the home's own, then the external ones in their order, each once, whichever way its path is written.</summary>
    /// <returns>The absolute path of each without links, and what stands before a relative path in <see cref="Skill.SourcePath"/>. They need not exist.</returns>
    internal static IReadOnlyList<(string Path, string SourcePath)> FindRoots(HermesHome home, IFileSystem fileSystem, IEnumerable<string> externalFolders)
    {
        var homePath = RealPath.Resolve(fileSystem, home.Path);
        IEnumerable<(string Path, string SourcePath)> external = externalFolders
            .Select(folder => HermesHome.ExpandTilde(
                Variable.Replace(folder, match => Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? match.Value)))
            .Where(folder => !folder.Contains('\0'))
            .Select(folder => RealPath.Resolve(fileSystem, fileSystem.Path.IsPathRooted(folder) ? folder : fileSystem.Path.Join(home.Path, folder)))
            .Select(path => (path, FindSourcePath(homePath, path)));
        return [.. external.Prepend((Path: RealPath.Resolve(fileSystem, home.SkillsFolder), SourcePath: "skills/")).DistinctBy(root => root.Path)];
    }

    /// <summary>The files below all roots, those of each sorted by relative path in code-point order. Some may be links, or gone already.</summary>
    /// <remarks>A home's own root that is there and cannot be listed is an error, any other folder has no files then.</remarks>
    public IEnumerable<Location> Find(IEnumerable<string> externalFolders)
    {
        var roots = FindRoots(home, fileSystem, externalFolders);
        _required = roots[0].Path;
        return roots.SelectMany(FindBelow);
    }

    private IEnumerable<Location> FindBelow((string Path, string SourcePath) root)
    {
        _found = [];
        Visit(root.SourcePath, root.Path, relativePath: "", level: 0);
        while (_links.TryDequeue(out var link))
        {
            if (!ContainsHome(link.Path))
                Visit(root.SourcePath, link.Path, link.RelativePath, link.Level);
        }

        return _found.OrderBy(location => location.RelativeFolder + FileName, CodePointComparer.Instance);
    }

    private static string FindSourcePath(string homePath, string path)
    {
        var relative = Path.GetRelativePath(homePath, path).Replace('\\', '/');
        var isOutside = Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal);
        return relative == "." ? "" : (isOutside ? path.Replace('\\', '/').TrimEnd('/') : relative) + "/";
    }

    private void Visit(string sourcePath, string path, string relativePath, int level)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (List(path) is not { } listing) return;

        _listings[path] = listing;
        _entries += listing.Entries;
        if (listing.HasFile)
            _found.Add(new(path, relativePath, sourcePath + relativePath + FileName, listing.IsFileLink));

        foreach (var (name, isLink) in level < MaxLevels ? listing.Folders : [])
        {
            // What is part of a skill is none of its own.
            if (listing.HasFile && SkillFiles.Folders.Contains(name)) continue;

            var (below, relativeBelow) = (fileSystem.Path.Join(path, name), $"{relativePath}{name}/");
            if (isLink)
                _links.Enqueue((below, relativeBelow, level + 1));
            else
                Visit(sourcePath, below, relativeBelow, level + 1);
        }
    }

    // Null for what is no folder, was visited before, or cannot be listed.
    private Listing? List(string path)
    {
        try
        {
            return FileStatus.FindFolder(fileSystem, path) is { } status && _entries < MaxEntries && _visited.Add(Key(path, status))
                ? before.TryGetValue(path, out var listing) && IsCurrent(listing, status) ? listing : List(path, status)
                : null;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException || (exception is IOException or UnauthorizedAccessException && path != _required))
        {
            return null;
        }
    }

    private Listing List(string path, FileStatus status)
    {
        var room = MaxEntries - _entries;
        var entries = fileSystem.DirectoryInfo.New(path).EnumerateFileSystemInfos().Take(room).ToList();
        var file = entries.Find(entry => entry is not IDirectoryInfo && entry.Name == FileName);
        var folders = entries.OfType<IDirectoryInfo>().Where(folder => !NotEntered.Contains(folder.Name))
            .OrderBy(folder => folder.Name, CodePointComparer.Instance).Select(folder => (folder.Name, folder.LinkTarget is not null));
        return new(status, _now, IsWhole: entries.Count < room, entries.Count, [.. folders], file is not null, file?.LinkTarget is not null);
    }

    private bool IsCurrent(Listing listing, FileStatus status) =>
        listing.Status == status && listing.IsWhole && status.IsSettled(listing.At) && _now - listing.At < TrustListFor && _now >= listing.At;

    private (UInt128 Identity, string? RealPath) Key(string path, FileStatus status) =>
        status.Identity != 0 ? (status.Identity, null) : (0, RealPath.Resolve(fileSystem, path));

    // Whether a folder is the home or one above it: a link there would make the whole home a folder of skills.
    private bool ContainsHome(string path)
    {
        var real = RealPath.Resolve(fileSystem, path).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return (RealPath.Resolve(fileSystem, home.Path) + Path.DirectorySeparatorChar).StartsWith(real, StringComparison.Ordinal);
    }

    /// <summary>What is in a folder as it was listed, whole or up to the most entries: how many, the folders that may be entered, whether a <c>SKILL.md</c>.</summary>
    internal sealed record Listing(
        FileStatus Status, DateTimeOffset At, bool IsWhole, int Entries, IReadOnlyList<(string Name, bool IsLink)> Folders, bool HasFile, bool IsFileLink);

    /// <summary>Where a <c>SKILL.md</c> lies. The path of its folder below the root has a <c>/</c> after each segment.</summary>
    internal sealed record Location(string FolderPath, string RelativeFolder, string SourcePath, bool IsLink);

    // As Python's expandvars: a variable that is not set stays as it is written.
    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]+)\})", RegexOptions.CultureInvariant)]
    private static partial Regex Variable { get; }
}
