using System.IO.Abstractions;
using Hermes.Core.Files;

namespace Hermes.Core.Skills;

/// <summary>What is known of a folder and those below it, so that looking again costs a stat for each and no more.</summary>
/// <remarks>
/// <para>Listing a folder costs about ten times what its time costs, and the time changes with every entry that comes, goes or is
/// renamed. A list is trusted while the time stays the same; when it changed, nothing below is trusted either, because a
/// folder or file that was moved in may bring an old time along.</para>
/// <para>The folder is kept open meanwhile. That another folder has its name shows in the folder above; for the root, which is
/// opened anew each time, in its number.</para>
/// <para>Not safe for use from several threads at once.</para>
/// </remarks>
/// <param name="path">The absolute path.</param>
/// <param name="relativePath">The path below the root, with <c>/</c> at its end; empty for the root itself.</param>
internal sealed class SkillFolder(string path, string relativePath) : IDisposable
{
    private const int MaxBytes = 1024 * 1024;

    // The reference enters all but the first three. Nothing in the others is a skill that somebody wrote: they hold copies and caches.
    internal static readonly HashSet<string> NotEntered =
    [
        ".git", ".github", ".hub",
        ".archive", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".tox", ".nox", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    ];

    private OpenFolder? _open;
    private FolderWatch? _watch;
    private FileStamp? _stamp;
    private bool _isTrusted;
    private Dictionary<string, SkillFolder> _folders = new(StringComparer.Ordinal);

    // Null where the folder has none.
    private string? _filePath;
    private bool _isFileLink;
    private SkillFile? _file;
    private FileStamp? _fileStamp;
    private bool _isFileTrusted;
    private (TextFile Text, string? Error) _source;

    /// <summary>Looks at what is here and below, and reads the files that changed.</summary>
    /// <remarks>What cannot be listed, or goes away meanwhile, has no files.</remarks>
    public void Visit(SkillScan scan)
    {
        try
        {
            Update(scan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            scan.HasChanged |= _stamp is not null;
            scan.HasUnwatched = true;
            _stamp = null;
            _isTrusted = false;
        }

        if (_stamp is null)
        {
            // What is gone, or moved elsewhere, is not held.
            Dispose();
            return;
        }

        // What a link leads to may be anywhere.
        scan.HasUnwatched |= _watch is null || _isFileLink;
        if (_filePath is not null)
        {
            var before = _file;
            Read(scan, _filePath);
            scan.HasChanged |= _file != before;
        }

        foreach (var folder in _folders.Values)
        {
            folder.Visit(scan);
        }
    }

    /// <summary>Whether the path still names the folder that the last visit found, with the same entries; or still none.</summary>
    public bool IsUnchanged(IFileSystem fileSystem)
    {
        try
        {
            return FileStamp.FindFolder(fileSystem, path) == _stamp;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Adds the files here and below as the last visit found them, in any order.</summary>
    public void AddTo(List<SkillFile> files)
    {
        if (_stamp is null)
        {
            return;
        }

        if (_filePath is not null && _file is not null)
        {
            files.Add(_file);
        }

        foreach (var folder in _folders.Values)
        {
            folder.AddTo(files);
        }
    }

    /// <summary>Closes this folder and those below. A later visit opens them again.</summary>
    public void Dispose()
    {
        _open?.Dispose();
        _open = null;
        DisposeAll(_folders.Values);
    }

    /// <summary>Closes folders that are not looked at any more.</summary>
    public static void DisposeAll(IEnumerable<SkillFolder> folders)
    {
        foreach (var folder in folders)
        {
            folder.Dispose();
        }
    }

    private void Update(SkillScan scan)
    {
        if (_open is null || !_isTrusted || scan.ListsAll || relativePath.Length == 0)
        {
            _open?.Dispose();
            _open = OpenFolder.Open(scan.FileSystem, path);
            _watch = null;
        }

        // Before the look: what happens after it is noted then.
        if (_watch != scan.Watch)
        {
            _watch = scan.Watch is { } watch && watch.TryAdd(path) ? watch : null;
        }

        var stamp = _open.Find();
        var isSame = _isTrusted && stamp == _stamp;
        scan.HasChanged |= stamp != _stamp;
        if (stamp is null || (isSame && !scan.ListsAll))
        {
            _stamp = stamp;
            return;
        }

        scan.HasChanged = true;
        List(scan.FileSystem);
        if (!isSame)
        {
            _isFileTrusted = false;
            foreach (var folder in _folders.Values)
            {
                folder._isTrusted = false;
            }
        }

        _stamp = stamp;
        _isTrusted = stamp.Value.IsSettled(scan.Now);
    }

    private void List(IFileSystem fileSystem)
    {
        var known = _folders;
        _folders = new(StringComparer.Ordinal);
        _filePath = null;
        _isFileLink = false;
        try
        {
            foreach (var entry in fileSystem.DirectoryInfo.New(path).EnumerateFileSystemInfos())
            {
                if (entry is not IDirectoryInfo)
                {
                    if (entry.Name == SkillLocation.FileName)
                    {
                        _filePath = entry.FullName;
                        _isFileLink = entry.LinkTarget is not null;
                    }
                }
                else if (!NotEntered.Contains(entry.Name) && entry.LinkTarget is null)
                {
                    _folders[entry.Name] = known.Remove(entry.Name, out var folder) ? folder : new(entry.FullName, $"{relativePath}{entry.Name}/");
                }
            }
        }
        finally
        {
            DisposeAll(known.Values);
        }
    }

    private void Read(SkillScan scan, string filePath)
    {
        FileStamp? stamp = null;
        (TextFile Text, string? Error) source;
        try
        {
            stamp = _open!.FindFile(SkillLocation.FileName);
            if (stamp is null)
            {
                _file = null;
                return;
            }

            if (_file is not null && _isFileTrusted && stamp == _fileStamp)
            {
                return;
            }

            // What has no length is not opened: opening a pipe would wait for its writer.
            source = (stamp.Value.Length == 0 ? TextFile.Empty : TextFile.Read(scan.FileSystem, filePath, MaxBytes), null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            _file = null;
            return;
        }
        catch (UnauthorizedAccessException)
        {
            source = (TextFile.Empty, "The file cannot be read: allow the server's user to read it.");
        }
        catch (IOException)
        {
            source = (TextFile.Empty, "The file cannot be read just now: look whether a link or the disk is broken.");
        }

        if (_file is null || source != _source)
        {
            _file = Parse(scan.Root, source);
        }

        _source = source;
        _fileStamp = stamp;
        _isFileTrusted = source.Error is null && stamp!.Value.IsSettled(scan.Now);
    }

    private SkillFile Parse(SkillRoot root, (TextFile Text, string? Error) source)
    {
        var location = new SkillLocation(path, relativePath, root.SourcePath + relativePath + SkillLocation.FileName);
        var skill = SkillParser.Parse(location, source.Text, SkillPlatform.Current);
        return new(relativePath + SkillLocation.FileName, source.Error is null ? skill : skill with { Problem = source.Error });
    }
}
