using System.IO.Abstractions;
using Hermes.Core.Files;

namespace Hermes.Core.Skills;

/// <summary>What is known of a folder and those below it, so that looking again costs a stat for each and no more.</summary>
/// <remarks>
/// <para>Listing a folder costs about ten times what its time costs, and the time changes with every entry that comes, goes or is
/// renamed. A list is trusted while the time stays the same; when it changed, nothing below is trusted either, because a
/// folder or file that was moved in may bring an old time along.</para>
/// <para>Not safe for use from several threads at once.</para>
/// </remarks>
/// <param name="path">The absolute path.</param>
/// <param name="relativePath">The path below the root, with <c>/</c> at its end; empty for the root itself.</param>
internal sealed class SkillFolder(string path, string relativePath)
{
    private const int MaxBytes = 1024 * 1024;

    // The reference enters all but the first three. Nothing in the others is a skill that somebody wrote: they hold copies and caches.
    internal static readonly HashSet<string> NotEntered =
    [
        ".git", ".github", ".hub",
        ".archive", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".tox", ".nox", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    ];

    // Kept because making them takes longer than the stat.
    private IDirectoryInfo? _folderInfo;
    private IFileInfo? _fileInfo;

    private FileStamp? _stamp;
    private bool _isTrusted;
    private SortedDictionary<string, SkillFolder> _folders = new(StringComparer.Ordinal);
    private bool _hasFile;
    private SkillFile? _file;
    private FileStamp? _fileStamp;
    private bool _isFileTrusted;
    private (TextFile Text, string? Error) _source;

    /// <summary>Adds the files here and below to the scan, and reads those that changed.</summary>
    /// <remarks>What cannot be listed, or goes away meanwhile, has no files.</remarks>
    public void Visit(SkillScan scan)
    {
        try
        {
            Update(scan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _stamp = null;
            return;
        }

        if (_stamp is null)
        {
            return;
        }

        if (_hasFile && Read(scan) is { } file)
        {
            scan.Files.Add(file);
        }

        foreach (var folder in _folders.Values)
        {
            folder.Visit(scan);
        }
    }

    private void Update(SkillScan scan)
    {
        _folderInfo ??= scan.FileSystem.DirectoryInfo.New(path);
        var stamp = FileStamp.ReadAgain(_folderInfo);
        var isSame = _isTrusted && stamp == _stamp;
        if (stamp is null || (isSame && !scan.ListsAll))
        {
            _stamp = stamp;
            return;
        }

        List(_folderInfo);
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

    private void List(IDirectoryInfo folder)
    {
        var known = _folders;
        _folders = new(StringComparer.Ordinal);
        _hasFile = false;
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is not IDirectoryInfo)
            {
                _hasFile |= entry.Name == SkillLocation.FileName;
            }
            else if (!NotEntered.Contains(entry.Name) && entry.LinkTarget is null)
            {
                _folders[entry.Name] = known.GetValueOrDefault(entry.Name) ?? new(entry.FullName, $"{relativePath}{entry.Name}/");
            }
        }
    }

    private SkillFile? Read(SkillScan scan)
    {
        _fileInfo ??= scan.FileSystem.FileInfo.New(scan.FileSystem.Path.Join(path, SkillLocation.FileName));
        FileStamp? stamp = null;
        (TextFile Text, string? Error) source;
        try
        {
            stamp = FileStamp.ReadAgain(_fileInfo);
            if (stamp is null)
            {
                return _file = null;
            }

            if (_file is not null && _isFileTrusted && stamp == _fileStamp)
            {
                return _file;
            }

            // What has no length is not opened: opening a pipe would wait for its writer.
            source = (stamp.Value.Length == 0 ? TextFile.Empty : TextFile.Read(scan.FileSystem, _fileInfo.FullName, MaxBytes), null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return _file = null;
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
        return _file;
    }

    private SkillFile Parse(SkillRoot root, (TextFile Text, string? Error) source)
    {
        var location = new SkillLocation(path, relativePath, root.SourcePath + relativePath + SkillLocation.FileName);
        var skill = SkillParser.Parse(location, source.Text, SkillPlatform.Current);
        return new(relativePath + SkillLocation.FileName, source.Error is null ? skill : skill with { Problem = source.Error });
    }
}
