using System.IO.Abstractions;
using Hermes.Core.Files;

namespace Hermes.Core.Skills;

/// <summary>Finds every <c>SKILL.md</c> below folders. Not safe for use from several threads at once.</summary>
/// <remarks>
/// A folder is listed again when its stamp changed, else the list of the walk before is taken: so a walk that finds nothing new costs a stat
/// for each folder. Links to folders are followed behind all else, so that what has a place of its own is found there.
/// </remarks>
internal sealed class SkillWalk(HermesHome home, IFileSystem fileSystem)
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

    private Dictionary<string, Listing> _known = new(StringComparer.Ordinal);

    /// <summary>Walks over the folders of some roots.</summary>
    /// <returns>The files in the order of the roots, each root's sorted by relative path in code-point order. Some may be links, or gone already.</returns>
    public IReadOnlyList<SkillLocation> Find(IReadOnlyList<SkillRoot> roots)
    {
        var walk = new Walk(this, fileSystem);
        var found = roots.SelectMany(walk.Find).ToList();
        _known = walk.Listings;
        return found;
    }

    // Whether a folder is the home or one above it: a link there would make the whole home a folder of skills.
    private bool ContainsHome(string path)
    {
        var real = RealPath.Resolve(fileSystem, path).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return (RealPath.Resolve(fileSystem, home.Path) + Path.DirectorySeparatorChar).StartsWith(real, StringComparison.Ordinal);
    }

    /// <summary>What is in a folder.</summary>
    /// <param name="Stamp">The folder's stamp when it was listed.</param>
    /// <param name="At">When that was.</param>
    /// <param name="IsWhole">Whether nothing of it was left out.</param>
    /// <param name="Entries">How many entries there are.</param>
    /// <param name="Folders">The folders that may be entered.</param>
    /// <param name="HasFile">Whether there is a <c>SKILL.md</c>.</param>
    /// <param name="IsFileLink">Whether it is a link.</param>
    private sealed record Listing(
        FileStamp Stamp, DateTimeOffset At, bool IsWhole, int Entries, IReadOnlyList<(string Name, bool IsLink)> Folders, bool HasFile, bool IsFileLink)
    {
        public bool IsCurrent(FileStamp stamp, DateTimeOffset now) =>
            stamp == Stamp && IsWhole && Stamp.IsSettled(At) && now - At < TrustListFor && now >= At;
    }

    private sealed class Walk(SkillWalk owner, IFileSystem fileSystem)
    {
        private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
        private readonly HashSet<(UInt128 Identity, string? RealPath)> _visited = [];
        private readonly Queue<(string Path, string RelativePath, int Level)> _links = new();
        private List<SkillLocation> _found = [];
        private int _entries;

        public Dictionary<string, Listing> Listings { get; } = new(StringComparer.Ordinal);

        public IEnumerable<SkillLocation> Find(SkillRoot root)
        {
            _found = [];
            Visit(root, root.Path, relativePath: "", level: 0);
            while (_links.TryDequeue(out var link))
            {
                if (!owner.ContainsHome(link.Path))
                {
                    Visit(root, link.Path, link.RelativePath, link.Level);
                }
            }

            return _found.OrderBy(location => location.RelativePath, CodePointComparer.Instance);
        }

        private void Visit(SkillRoot root, string path, string relativePath, int level)
        {
            if (List(path) is not { } listing)
            {
                return;
            }

            Listings[path] = listing;
            _entries += listing.Entries;
            if (listing.HasFile)
            {
                _found.Add(new(path, relativePath, root.SourcePath + relativePath + SkillLocation.FileName, listing.IsFileLink));
            }

            foreach (var (name, isLink) in level < MaxLevels ? listing.Folders : [])
            {
                // What is part of a skill is none of its own.
                if (listing.HasFile && SkillFiles.Folders.Contains(name))
                {
                    continue;
                }

                var below = (Path: fileSystem.Path.Join(path, name), RelativePath: $"{relativePath}{name}/", Level: level + 1);
                if (isLink)
                {
                    _links.Enqueue(below);
                }
                else
                {
                    Visit(root, below.Path, below.RelativePath, below.Level);
                }
            }
        }

        // Null for what is no folder, was visited before, or cannot be listed.
        private Listing? List(string path)
        {
            try
            {
                return FileStamp.FindFolder(fileSystem, path) is { } stamp && _entries < MaxEntries && _visited.Add(Key(path, stamp))
                    ? owner._known.TryGetValue(path, out var known) && known.IsCurrent(stamp, _now) ? known : List(path, stamp)
                    : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        private (UInt128 Identity, string? RealPath) Key(string path, FileStamp stamp) =>
            stamp.Identity != 0 ? (stamp.Identity, null) : (0, RealPath.Resolve(fileSystem, path));

        private Listing List(string path, FileStamp stamp)
        {
            var room = MaxEntries - _entries;
            var entries = 0;
            var folders = new List<(string Name, bool IsLink)>();
            bool hasFile = false, isFileLink = false;
            foreach (var entry in fileSystem.DirectoryInfo.New(path).EnumerateFileSystemInfos().Take(room))
            {
                entries++;
                if (entry is not IDirectoryInfo)
                {
                    if (entry.Name == SkillLocation.FileName)
                    {
                        (hasFile, isFileLink) = (true, entry.LinkTarget is not null);
                    }
                }
                else if (!NotEntered.Contains(entry.Name))
                {
                    folders.Add((entry.Name, entry.LinkTarget is not null));
                }
            }

            folders.Sort((one, other) => CodePointComparer.Instance.Compare(one.Name, other.Name));
            return new(stamp, _now, IsWhole: entries < room, entries, folders, hasFile, isFileLink);
        }
    }
}
