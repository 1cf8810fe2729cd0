namespace Hermes.Benchmarks.Load;

/// <summary>What the clients of a load ask for, each of them one path after the other, round and round.</summary>
/// <param name="Paths">The paths with their queries.</param>
internal sealed record Requests(params IReadOnlyList<string> Paths)
{
    public string Method { get; init; } = "GET";

    /// <summary>The JSON that is sent; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The state that the clients say they have; null for none.</summary>
    public string? IfNoneMatch { get; init; }
}
