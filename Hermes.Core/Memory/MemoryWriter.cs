using System.Text.Unicode;
using Hermes.Core.Configuration;
using Hermes.Core.IO;

namespace Hermes.Core.Memory;

/// <summary>Changes what a home remembers, entry by entry, as the agent's own memory tool does and beside it.</summary>
/// <remarks>
/// <para>Safe for use from any thread; one instance serves an application for its whole life. A change is made under the lock that the agent
/// takes too, on what the file holds then, and replaces the file whole: nobody's entry is lost, and no reader sees a part. A file that was
/// written by hand, as its content shows, is only ever added to, behind its bytes as they are.</para>
/// <para>What comes to stand in memory becomes part of the agent's instructions. New text is therefore searched for what only an attack
/// would say, and refused with the reason.</para>
/// </remarks>
public sealed class MemoryWriter
{
    private const int PreviewLength = 80;
    private const int MaxRewrittenBytes = 1_000_000;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private readonly IFileSystem _fileSystem;
    private readonly string _folder;
    private readonly MemoryFile _memory, _user;
    private readonly TimeSpan _timeout;

    /// <summary>Changes the memory of <paramref name="home"/>.</summary>
    public MemoryWriter(HermesHome home, IFileSystem fileSystem)
        : this(home, fileSystem, new ConfigFile(home, fileSystem)) { }

    internal MemoryWriter(HermesHome home, IFileSystem fileSystem, ConfigFile configFile, TimeSpan? timeout = null)
    {
        (_fileSystem, _folder, _timeout) = (fileSystem, home.MemoriesFolder, timeout ?? DefaultTimeout);
        _memory = new(home, fileSystem, configFile, MemoryTarget.Memory);
        _user = new(home, fileSystem, configFile, MemoryTarget.User);
    }

    /// <summary>Adds an entry at the end. One that is there already is not added again.</summary>
    /// <param name="target">The memory.</param>
    /// <param name="content">The entry; white space around it is left out, line ends become <c>\n</c>.</param>
    /// <param name="cancellationToken">Stops waiting; what is written is written whole or not at all.</param>
    /// <exception cref="MemoryRejectedException">The entry is empty, has a line <c>§</c>, does not fit into the limit, or looks like an attack.</exception>
    /// <exception cref="MemoryConflictException">The file was written by hand, so that a change would lose something of it: change it by
    /// hand too. Adding is refused only where the file's last line is <c>§</c>.</exception>
    /// <exception cref="MemoryBusyException">Another process held the lock for 10 seconds: try again.</exception>
    /// <exception cref="MemoryUnavailableException">The file cannot be read or written: allow the process to write in <c>memories</c>.</exception>
    public async Task<MemoryWriteResult> AddAsync(MemoryTarget target, string content, CancellationToken cancellationToken = default)
    {
        var entry = CheckedEntry(content);
        return await ChangeAsync(target, Add, cancellationToken).ConfigureAwait(false);

        Change Add(byte[] bytes, MemoryDocument current) => current.Entries.Contains(entry, StringComparer.Ordinal)
            ? new(current.Entries, bytes, "Entry already exists (no duplicate added).")
            : new(Fitting(current, [.. current.Entries, entry]), Append(bytes, current, entry), "Entry added.");
    }

    /// <summary>Puts another entry in the place of the one that has <paramref name="oldText"/> in it.</summary>
    /// <param name="target">The memory.</param>
    /// <param name="oldText">A part of the entry, in exactly these letters, that no other entry has.</param>
    /// <param name="content">The new entry; white space around it is left out, line ends become <c>\n</c>.</param>
    /// <param name="cancellationToken">Stops waiting; what is written is written whole or not at all.</param>
    /// <exception cref="MemoryRejectedException">No entry has the text, or several have it; or the new entry is empty, has a line <c>§</c>,
    /// does not fit into the limit, or looks like an attack.</exception>
    /// <inheritdoc cref="AddAsync" path="/exception[position()>1]"/>
    public async Task<MemoryWriteResult> ReplaceAsync(MemoryTarget target, string oldText, string content, CancellationToken cancellationToken = default)
    {
        var part = CheckedPart(oldText);
        var entry = CheckedEntry(content);
        return await RewriteAsync(target, part, Replace, "Entry replaced.", cancellationToken).ConfigureAwait(false);

        // Where the new entry was there already, a reader drops the second one: better it is not written.
        List<string> Replace(MemoryDocument current, int index) =>
            Fitting(current, [.. current.Entries.Select((other, at) => at == index ? entry : other).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Removes the entry that has <paramref name="oldText"/> in it.</summary>
    /// <param name="target">The memory.</param>
    /// <param name="oldText">A part of the entry, in exactly these letters, that no other entry has.</param>
    /// <param name="cancellationToken">Stops waiting; what is written is written whole or not at all.</param>
    /// <exception cref="MemoryRejectedException">No entry has the text, or several have it.</exception>
    /// <inheritdoc cref="AddAsync" path="/exception[position()>1]"/>
    public async Task<MemoryWriteResult> RemoveAsync(MemoryTarget target, string oldText, CancellationToken cancellationToken = default) =>
        await RewriteAsync(
            target, CheckedPart(oldText), (current, index) => [.. current.Entries.Where((_, other) => other != index)], "Entry removed.", cancellationToken)
            .ConfigureAwait(false);

    private Task<MemoryWriteResult> RewriteAsync(
        MemoryTarget target, string part, Func<MemoryDocument, int, List<string>> change, string message, CancellationToken cancellationToken)
    {
        return ChangeAsync(target, Rewrite, cancellationToken);

        Change Rewrite(byte[] bytes, MemoryDocument current)
        {
            if (FindHandwriting(bytes, current) is { } reason) throw new MemoryConflictException(current.FileName, reason);

            var index = IndexOf(current, part);
            var entry = current.Entries[index];

            // Without a line §, several lines are as a rule a page that somebody wrote, and a line of it is no entry.
            if (entry != part && entry.Contains('\n') && !current.Text!.Contains(MemoryDocument.Separator, StringComparison.Ordinal))
                throw new MemoryConflictException(current.FileName, "it has no line § between entries, so that it is one; old_text has to be the whole of it");

            var entries = change(current, index);
            return new(entries, Encoding.UTF8.GetBytes(MemoryDocument.Join(entries)), message);
        }
    }

    private async Task<MemoryWriteResult> ChangeAsync(MemoryTarget target, Func<byte[], MemoryDocument, Change> change, CancellationToken cancellationToken)
    {
        var file = target is MemoryTarget.User ? _user : _memory;
        try
        {
            if (FileStatus.FindFolderFault(_fileSystem, _folder) is { } fault)
                throw new MemoryUnavailableException($"{file.Name} cannot be written: the folder memories, or one above it, is {fault}; put a folder in its place");

            AtomicFile.CreateFolder(_fileSystem, _folder);
            using var held = await file.LockAsync(_timeout, cancellationToken).ConfigureAwait(false);
            var (before, current) = file.ReadForChange();
            var (entries, after, message) = change(before, current);
            if (entries.SequenceEqual(current.Entries, StringComparer.Ordinal)) return new(current, HasChanged: false, message);

            // Whatever stands in a file of somebody's own making: what was meant is what will be read.
            var document = new MemoryDocument(target, MemoryFile.Decode(after), current.Limit);
            if (!document.Entries.SequenceEqual(entries, StringComparer.Ordinal))
                throw new MemoryConflictException(file.Name, "with its lines § as they are, it would be read as other entries");

            await AtomicFile.WriteAsync(_fileSystem, file.Path, after, cancellationToken).ConfigureAwait(false);
            return new(document, HasChanged: true, message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var cure = exception switch
            {
                NotRegularFileException irregular => $": its lock {file.Name}.lock is {irregular.What}; remove it",
                UnauthorizedAccessException => ": allow the server's user to write in the folder memories",
                _ => " just now: see whether the disk is full or read-only",
            };
            throw new MemoryUnavailableException($"{file.Name} cannot be written{cure}", exception);
        }
    }

    // The agent's tool writes no such file, and what makes it one would be lost when it is written anew.
    private static string? FindHandwriting(byte[] bytes, MemoryDocument current) => current switch
    {
        _ when bytes.Length > MaxRewrittenBytes => "it is larger than 1 MB",
        _ when !Utf8.IsValid(bytes) => "it is not UTF-8",
        _ when current.Entries.Any(entry => MemoryDocument.CountCodePoints(entry) > current.Limit) => "an entry is longer than the limit of the whole",
        { Text: { } text } when !MemoryDocument.IsJoinOfItsEntries(text) => "there is more between its entries than a line §",
        _ => null,
    };

    // Byte for byte what was there, whoever wrote it.
    private static byte[] Append(byte[] bytes, MemoryDocument current, string entry) =>
        [.. bytes, .. Encoding.UTF8.GetBytes(current.Entries.Count == 0 ? entry : MemoryDocument.Separator + entry)];

    private static string CheckedEntry(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var entry = Normalize(content);
        if (entry.Length == 0) throw new MemoryRejectedException("content is empty: give the text of the entry. To drop an entry, remove it.");

        // It would be read back as several entries.
        if ($"\n{entry}\n".Contains(MemoryDocument.Separator, StringComparison.Ordinal))
            throw new MemoryRejectedException("content has a line with § alone, which stands between entries: add them one by one.");

        return MemoryScan.Find(entry) is { } finding
            ? throw new MemoryRejectedException($"Nothing was stored: content {finding}. Memory becomes part of the agent's instructions, so this is not accepted.")
            : entry;
    }

    private static string CheckedPart(string oldText)
    {
        ArgumentNullException.ThrowIfNull(oldText);
        var part = Normalize(oldText);
        return part.Length > 0 ? part : throw new MemoryRejectedException("old_text is empty: give a part of the entry that no other entry has.");
    }

    // As the file is read back: the agent's Python makes one kind of all line ends.
    private static string Normalize(string text) => MemoryDocument.Trim(TextFile.NormalizeLineEnds(text));

    private static List<string> Fitting(MemoryDocument current, List<string> entries)
    {
        var length = MemoryDocument.CountCodePoints(MemoryDocument.Join(entries));
        if (length <= current.Limit) return entries;

        var sizes = string.Create(CultureInfo.InvariantCulture, $"{length:N0} of {current.Limit:N0}");
        throw new MemoryRejectedException($"{current.FileName} would have {sizes} characters: shorten the entry, or replace or remove others first.", current);
    }

    // The entries of a document differ from each other, so a part that is in several of them does not say which. For the reference
    // that holds for a whole entry too, and one that is also a part of another can never be removed.
    private static int IndexOf(MemoryDocument current, string part)
    {
        var found = Enumerable.Range(0, current.Entries.Count).Where(index => current.Entries[index].Contains(part, StringComparison.Ordinal)).ToList();
        if (found.FindIndex(index => current.Entries[index] == part) is >= 0 and var whole) return found[whole];

        return found.Count switch
        {
            1 => found[0],
            0 => throw new MemoryRejectedException($"No entry of {current.FileName} has old_text in it: take a part of one of current_entries.", current),
            _ => throw new MemoryRejectedException(
                $"{found.Count} entries of {current.FileName} have old_text in them: take a longer part, of one alone.",
                matches: [.. found.Select(index => Preview(current.Entries[index]))]),
        };
    }

    private static string Preview(string entry)
    {
        var runes = entry.EnumerateRunes().Take(PreviewLength + 1).ToList();
        return runes.Count <= PreviewLength ? entry : string.Concat(runes.Take(PreviewLength)) + "...";
    }

    /// <summary>What a file is to become: the entries that are meant, its content, and what happened then.</summary>
    private sealed record Change(IReadOnlyList<string> Entries, byte[] Content, string Message);
}
