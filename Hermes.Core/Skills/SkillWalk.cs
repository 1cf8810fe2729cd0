using Hermes.Core.IO;
using Hermes.Core.Text;

namespace Hermes.Core.Skills;

/// <summary>One walk over folders that finds every <c>SKILL.md</c> in them. For one thread.</summary>
/// <remarks>
/// A folder is listed again when its status changed, else the list of the walk before is taken: so a walk that finds nothing new costs a stat
/// for each folder, a tenth of listing it. Links to folders are followed behind all else, so that what has a place of its own is found there.
/// </remarks>
/// <param name="home">The home, which no link leads to.</param>
/// <param name="fileSystem">Where the folders are.</param>
/// <param name="known">What the walk before listed.</param>
/// <param name="cancellationToken">Stops the walk.</param>
internal sealed class SkillWalk(HermesHome home, IFileSystem fileSystem, IReadOnlyDictionary<string, SkillWalk.Listing> known, CancellationToken cancellationToken)
{
    // Bounds what a link to a large tree can cost.
    private const int MaxLevels = 20;
    private const int MaxEntries = 50_000;

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
    private List<SkillLocation> _found = [];
    private string? _required;
    private int _entries;

    /// <summary>What was listed, for the next walk.</summary>
    public IReadOnlyDictionary<string, Listing> Listings => _listings;

    /// <summary>The files below a root, sorted by relative path in code-point order. Some may be links, or gone already.</summary>
    /// <param name="root">The folder's path without links, and what stands before a relative path in <see cref="Skill.SourcePath"/>.</param>
    /// <param name="isRequired">Whether a root that is there and cannot be listed is an error, instead of one without files.</param>
    /// <exception cref="IOException">The root is required and cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The root is required and may not be listed.</exception>
    public IEnumerable<SkillLocation> Find((string Path, string SourcePath) root, bool isRequired)
    {
        _found = [];
        _required = isRequired ? root.Path : null;
        Visit(root.SourcePath, root.Path, relativePath: "", level: 0);
        while (_links.TryDequeue(out var link))
        {
            if (!ContainsHome(link.Path))
                Visit(root.SourcePath, link.Path, link.RelativePath, link.Level);
        }

        return _found.OrderBy(location => location.RelativeFolder + SkillLocation.FileName, CodePointComparer.Instance);
    }

    private void Visit(string sourcePath, string path, string relativePath, int level)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (List(path) is not { } listing)
            return;

        _listings[path] = listing;
        _entries += listing.Entries;
        if (listing.HasFile)
            _found.Add(new(path, relativePath, sourcePath + relativePath + SkillLocation.FileName, listing.IsFileLink));

        foreach (var (name, isLink) in level < MaxLevels ? listing.Folders : [])
        {
            // What is part of a skill is none of its own.
            if (listing.HasFile && SkillFiles.Folders.Contains(name))
                continue;

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
                ? known.TryGetValue(path, out var before) && IsCurrent(before, status) ? before : List(path, status)
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
        var entries = 0;
        var folders = new List<(string Name, bool IsLink)>();
        bool hasFile = false, isFileLink = false;
        foreach (var entry in fileSystem.DirectoryInfo.New(path).EnumerateFileSystemInfos().Take(room))
        {
            entries++;
            if (entry is IDirectoryInfo && !NotEntered.Contains(entry.Name))
                folders.Add((entry.Name, entry.LinkTarget is not null));
            else if (entry is not IDirectoryInfo && entry.Name == SkillLocation.FileName)
                (hasFile, isFileLink) = (true, entry.LinkTarget is not null);
        }

        folders.Sort((one, other) => CodePointComparer.Instance.Compare(one.Name, other.Name));
        return new(status, _now, IsWhole: entries < room, entries, folders, hasFile, isFileLink);
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

    /// <summary>What is in a folder.</summary>
    /// <param name="Status">The folder's status when it was listed.</param>
    /// <param name="At">When that was.</param>
    /// <param name="IsWhole">Whether nothing of it was left out.</param>
    /// <param name="Entries">How many entries there are.</param>
    /// <param name="Folders">The folders that may be entered.</param>
    /// <param name="HasFile">Whether there is a <c>SKILL.md</c>.</param>
    /// <param name="IsFileLink">Whether it is a link.</param>
    internal sealed record Listing(
        FileStatus Status, DateTimeOffset At, bool IsWhole, int Entries, IReadOnlyList<(string Name, bool IsLink)> Folders, bool HasFile, bool IsFileLink);
}

/// <summary>Where a <c>SKILL.md</c> lies.</summary>
/// <param name="FolderPath">The absolute path of its folder.</param>
/// <param name="RelativeFolder">The path of its folder below the root, with <c>/</c> after each segment; empty for the root itself.</param>
/// <param name="SourcePath">The file's path relative to the home where it lies in it, else absolute; with <c>/</c>.</param>
/// <param name="IsLink">Whether it is a link.</param>
internal sealed record SkillLocation(string FolderPath, string RelativeFolder, string SourcePath, bool IsLink)
{
    /// <summary>The name that every skill's file has.</summary>
    public const string FileName = "SKILL.md";
}
