using Hermes.Core.Memory;

namespace Hermes.Core.Http.Wire;

/// <summary>What the agent remembers.</summary>
internal sealed record MemoryFiles
{
    /// <summary>What the agent noted: entries with a line <c>§</c> between them. Missing where there is no file, and where <c>target</c> was given.</summary>
    [JsonPropertyName("MEMORY.md")]
    public string? Memory { get; init; }

    /// <summary>What the agent noted of its user: entries with a line <c>§</c> between them. Missing where there is no file, and where <c>target</c> was given.</summary>
    [JsonPropertyName("USER.md")]
    public string? User { get; init; }

    /// <summary>The memories entry by entry.</summary>
    [JsonPropertyName("targets")]
    public required IReadOnlyList<MemoryEntries> Targets { get; init; }

    /// <summary>The texts of the files and the entries of both.</summary>
    public static MemoryFiles From(MemorySnapshot snapshot) => new()
    {
        Memory = snapshot.Memory.Text,
        User = snapshot.User.Text,
        Targets = [MemoryEntries.From(snapshot.Memory), MemoryEntries.From(snapshot.User)],
    };

    /// <summary>The entries alone.</summary>
    public static MemoryFiles From(params IEnumerable<MemoryDocument> documents) => new() { Targets = [.. documents.Select(MemoryEntries.From)] };
}

/// <summary>A memory entry by entry.</summary>
/// <param name="Target"><c>memory</c> or <c>user</c>.</param>
/// <param name="Entries">The entries in order, each once.</param>
/// <param name="Usage">How full it is: <c>46% — 1,020/2,200 chars</c>.</param>
/// <param name="EntryCount">How many entries there are.</param>
internal sealed record MemoryEntries(
    [property: JsonPropertyName("target")] string Target,
    [property: JsonPropertyName("entries")] IReadOnlyList<string> Entries,
    [property: JsonPropertyName("usage")] string Usage,
    [property: JsonPropertyName("entry_count")] int EntryCount)
{
    public static MemoryEntries From(MemoryDocument document) =>
        new(Name(document.Target), document.Entries, document.Usage, document.Entries.Count);

    /// <summary>A memory's name in requests and answers.</summary>
    public static string Name(MemoryTarget target) => target is MemoryTarget.User ? "user" : "memory";
}

/// <summary>The memory was changed, or already said so.</summary>
/// <param name="Success">Always true.</param>
/// <param name="Target"><c>memory</c> or <c>user</c>.</param>
/// <param name="Entries">The entries in order, each once.</param>
/// <param name="Usage">How full it is: <c>46% — 1,020/2,200 chars</c>.</param>
/// <param name="EntryCount">How many entries there are.</param>
/// <param name="Message">What happened.</param>
internal sealed record MemoryChanged(
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("target")] string Target,
    [property: JsonPropertyName("entries")] IReadOnlyList<string> Entries,
    [property: JsonPropertyName("usage")] string Usage,
    [property: JsonPropertyName("entry_count")] int EntryCount,
    [property: JsonPropertyName("message")] string Message)
{
    public static MemoryChanged From(MemoryWriteResult result) =>
        new(true, MemoryEntries.Name(result.Document.Target), result.Document.Entries, result.Document.Usage, result.Document.Entries.Count, result.Message);
}

/// <summary>A change of the memory was refused. Nothing was changed.</summary>
/// <param name="Success">Always false.</param>
/// <param name="Error">Why, and what would be accepted.</param>
/// <param name="CurrentEntries">The entries as they are, where the memory is too full or has no such entry.</param>
/// <param name="Usage">How full the memory is, where the entries are shown.</param>
/// <param name="Matches">The beginnings of the entries that the text was found in, where it was found in several.</param>
internal sealed record MemoryRejected(
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("current_entries")] IReadOnlyList<string>? CurrentEntries = null,
    [property: JsonPropertyName("usage")] string? Usage = null,
    [property: JsonPropertyName("matches")] IReadOnlyList<string>? Matches = null)
{
    public static MemoryRejected From(MemoryRejectedException rejected) => new(
        false, rejected.Message, rejected.Current?.Entries, rejected.Current?.Usage, rejected.Matches.Count > 0 ? rejected.Matches : null);
}

/// <summary>An entry to add.</summary>
/// <param name="Content">The entry. It may have several lines, but none with <c>§</c> alone.</param>
/// <param name="Target"><c>memory</c> (where it is missing) or <c>user</c>.</param>
internal sealed record AddMemoryEntry(
    [property: JsonPropertyName("content")] string Content,
    [property: JsonPropertyName("target")] string? Target = null);

/// <summary>An entry to replace.</summary>
/// <param name="OldText">The entry as it is, or a part of it that no other entry has.</param>
/// <param name="Content">The new entry. It may have several lines, but none with <c>§</c> alone.</param>
/// <param name="Target"><c>memory</c> (where it is missing) or <c>user</c>.</param>
internal sealed record ReplaceMemoryEntry(
    [property: JsonPropertyName("old_text")] string OldText,
    [property: JsonPropertyName("content")] string Content,
    [property: JsonPropertyName("target")] string? Target = null);

/// <summary>An entry to remove.</summary>
/// <param name="OldText">The entry as it is, or a part of it that no other entry has.</param>
/// <param name="Target"><c>memory</c> (where it is missing) or <c>user</c>.</param>
internal sealed record RemoveMemoryEntry(
    [property: JsonPropertyName("old_text")] string OldText,
    [property: JsonPropertyName("target")] string? Target = null);
