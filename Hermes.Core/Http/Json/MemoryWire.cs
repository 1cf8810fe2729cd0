using System.Text.Json.Serialization;
using Hermes.Core.Memory;

namespace Hermes.Core.Http.Json;

/// <summary>What the agent remembers.</summary>
internal sealed record MemoryFiles
{
    /// <summary>What the agent noted: entries with a line <c>§</c> between them. Missing where there is no file, and where one memory was asked for.</summary>
    [JsonPropertyName("MEMORY.md")]
    public string? Memory { get; init; }

    /// <summary>What the agent noted of its user: entries with a line <c>§</c> between them. Missing where there is no file, and where one memory was asked for.</summary>
    [JsonPropertyName("USER.md")]
    public string? User { get; init; }

    /// <summary>The memories entry by entry.</summary>
    [JsonPropertyName("targets")]
    public required IReadOnlyList<MemoryEntries> Targets { get; init; }

    /// <summary>Both memories with the texts of their files.</summary>
    public static MemoryFiles From(MemorySnapshot snapshot) =>
        From(snapshot.Memory, snapshot.User) with { Memory = snapshot.Memory.Text, User = snapshot.User.Text };

    /// <summary>The entries of some memories alone.</summary>
    public static MemoryFiles From(params ReadOnlySpan<MemoryDocument> documents)
    {
        var targets = new List<MemoryEntries>();
        foreach (var document in documents)
        {
            targets.Add(MemoryEntries.From(document));
        }

        return new() { Targets = targets };
    }
}

/// <summary>A memory entry by entry.</summary>
internal record MemoryEntries
{
    /// <summary><c>memory</c> or <c>user</c>.</summary>
    [JsonPropertyName("target")]
    public required string Target { get; init; }

    /// <summary>The entries in order, each once.</summary>
    [JsonPropertyName("entries")]
    public required IReadOnlyList<string> Entries { get; init; }

    /// <summary>How full it is: <c>46% — 1,020/2,200 chars</c>.</summary>
    [JsonPropertyName("usage")]
    public required string Usage { get; init; }

    /// <summary>How many entries there are.</summary>
    [JsonPropertyName("entry_count")]
    public required int EntryCount { get; init; }

    /// <summary>The entries of a memory.</summary>
    public static MemoryEntries From(MemoryDocument document) => new()
    {
        Target = document.Target is MemoryTarget.User ? "user" : "memory",
        Entries = document.Entries,
        Usage = document.Usage,
        EntryCount = document.Entries.Count,
    };
}

/// <summary>A memory was changed, or said so already.</summary>
internal sealed record MemoryChanged : MemoryEntries
{
    /// <summary>True.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>What happened.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>What a write came to.</summary>
    public static MemoryChanged From(MemoryWriteResult result)
    {
        var entries = From(result.Document);
        return new()
        {
            Target = entries.Target,
            Entries = entries.Entries,
            Usage = entries.Usage,
            EntryCount = entries.EntryCount,
            Success = true,
            Message = result.Message,
        };
    }
}

/// <summary>A change of memory was refused.</summary>
internal sealed record MemoryRejected
{
    /// <summary>False.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>Why, and what would be accepted.</summary>
    [JsonPropertyName("error")]
    public required string Error { get; init; }

    /// <summary>The entries as they are, where the memory is too full or has no such entry.</summary>
    [JsonPropertyName("current_entries")]
    public IReadOnlyList<string>? CurrentEntries { get; init; }

    /// <summary>How full the memory is, where the entries are shown.</summary>
    [JsonPropertyName("usage")]
    public string? Usage { get; init; }

    /// <summary>The beginnings of the entries that the text was found in, where it was found in several.</summary>
    [JsonPropertyName("matches")]
    public IReadOnlyList<string>? Matches { get; init; }

    /// <summary>Why a write was refused, with what helps to write it otherwise.</summary>
    public static MemoryRejected From(MemoryRejectedException rejected) => new()
    {
        Success = false,
        Error = rejected.Message,
        CurrentEntries = rejected.Current?.Entries,
        Usage = rejected.Current?.Usage,
        Matches = rejected.Matches.Count > 0 ? rejected.Matches : null,
    };
}

/// <summary>An entry to add.</summary>
internal sealed record AddMemoryEntry
{
    /// <summary><c>memory</c> (where it is missing) or <c>user</c>.</summary>
    [JsonPropertyName("target")]
    public string? Target { get; init; }

    /// <summary>The entry. It may have several lines, but none with <c>§</c> alone.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }
}

/// <summary>An entry to replace.</summary>
internal sealed record ReplaceMemoryEntry
{
    /// <summary><c>memory</c> (where it is missing) or <c>user</c>.</summary>
    [JsonPropertyName("target")]
    public string? Target { get; init; }

    /// <summary>The entry as it is, or a part of it that no other entry has.</summary>
    [JsonPropertyName("old_text")]
    public required string OldText { get; init; }

    /// <summary>The new entry. It may have several lines, but none with <c>§</c> alone.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }
}

/// <summary>An entry to remove.</summary>
internal sealed record RemoveMemoryEntry
{
    /// <summary><c>memory</c> (where it is missing) or <c>user</c>.</summary>
    [JsonPropertyName("target")]
    public string? Target { get; init; }

    /// <summary>The entry as it is, or a part of it that no other entry has.</summary>
    [JsonPropertyName("old_text")]
    public required string OldText { get; init; }
}
