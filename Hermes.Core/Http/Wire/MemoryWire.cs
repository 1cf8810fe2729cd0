using Hermes.Core.Memory;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of <c>/api/memory</c>.</summary>
internal static class MemoryWire
{
    /// <summary>What the agent remembers.</summary>
    /// <param name="Targets">The memories entry by entry.</param>
    /// <param name="Memory">What the agent noted: entries with a line <c>§</c> between them. Missing where there is no file, and where <c>target</c> was given.</param>
    /// <param name="User">What the agent noted of its user: entries with a line <c>§</c> between them. Missing where there is no file, and where <c>target</c> was given.</param>
    internal sealed record MemoryFiles(
        IReadOnlyList<MemoryEntries> Targets, [property: JsonPropertyName("MEMORY.md"), JsonPropertyOrder(-1)] string? Memory = null,
        [property: JsonPropertyName("USER.md"), JsonPropertyOrder(-1)] string? User = null)
    {
        public static MemoryFiles From(MemorySnapshot snapshot) =>
            From(snapshot.Memory, snapshot.User) with { Memory = snapshot.Memory.Text, User = snapshot.User.Text };

        public static MemoryFiles From(params IEnumerable<MemoryDocument> documents) => new([.. documents.Select(MemoryEntries.From)]);
    }

    /// <summary>A memory entry by entry.</summary>
    /// <param name="Target"><c>memory</c> or <c>user</c>.</param>
    /// <param name="Entries">The entries in order, each once.</param>
    /// <param name="Usage">How full it is: <c>46% — 1,020/2,200 chars</c>.</param>
    /// <param name="EntryCount">How many entries there are.</param>
    internal record MemoryEntries(string Target, IReadOnlyList<string> Entries, string Usage, int EntryCount)
    {
        public static MemoryEntries From(MemoryDocument document) =>
            new(document.Target is MemoryTarget.User ? "user" : "memory", document.Entries, document.Usage, document.Entries.Count);
    }

    /// <summary>The memory was changed, or already said so.</summary>
    /// <param name="Success">Always true.</param>
    /// <param name="Message">What happened.</param>
    internal sealed record MemoryChanged(
        [property: JsonPropertyOrder(-1)] bool Success, string Target, IReadOnlyList<string> Entries, string Usage, int EntryCount,
        [property: JsonPropertyOrder(1)] string Message) : MemoryEntries(Target, Entries, Usage, EntryCount)
    {
        public static MemoryChanged From(MemoryWriteResult result)
        {
            var now = From(result.Document);
            return new MemoryChanged(true, now.Target, now.Entries, now.Usage, now.EntryCount, result.Message);
        }
    }

    /// <summary>A change of the memory was refused. Nothing was changed.</summary>
    /// <param name="Success">Always false.</param>
    /// <param name="Error">Why, and what would be accepted.</param>
    /// <param name="CurrentEntries">The entries as they are, where the memory is too full or has no such entry.</param>
    /// <param name="Usage">How full the memory is, where the entries are shown.</param>
    /// <param name="Matches">The beginnings of the entries that the text was found in, where it was found in several.</param>
    internal sealed record MemoryRejected(
        bool Success, string Error, IReadOnlyList<string>? CurrentEntries = null, string? Usage = null, IReadOnlyList<string>? Matches = null)
    {
        public static MemoryRejected From(MemoryRejectedException rejected) => new(
            false, rejected.Message, rejected.Current?.Entries, rejected.Current?.Usage, rejected.Matches.Count > 0 ? rejected.Matches : null);
    }

    /// <summary>An entry to add.</summary>
    /// <param name="Content">The entry. It may have several lines, but none with <c>§</c> alone.</param>
    /// <param name="Target"><c>memory</c> (where it is missing) or <c>user</c>.</param>
    internal sealed record AddMemoryEntry(string Content, string? Target = null);

    /// <summary>An entry to replace.</summary>
    /// <param name="OldText">The entry as it is, or a part of it that no other entry has.</param>
    /// <param name="Content">The new entry. It may have several lines, but none with <c>§</c> alone.</param>
    /// <param name="Target"><c>memory</c> (where it is missing) or <c>user</c>.</param>
    internal sealed record ReplaceMemoryEntry(string OldText, string Content, string? Target = null);

    /// <summary>An entry to remove.</summary>
    /// <param name="OldText">The entry as it is, or a part of it that no other entry has.</param>
    /// <param name="Target"><c>memory</c> (where it is missing) or <c>user</c>.</param>
    internal sealed record RemoveMemoryEntry(string OldText, string? Target = null);
}
