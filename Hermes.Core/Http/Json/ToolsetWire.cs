using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>The skills that are switched on.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The skills.</param>
internal sealed record AgentSkillList(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("data")] IReadOnlyList<AgentSkill> Data);

/// <summary>A skill in short.</summary>
/// <param name="Name">The name from its front matter, else its folder's.</param>
/// <param name="Description">What it is for; empty where that is not said.</param>
/// <param name="Category">The category; empty where there is none.</param>
internal sealed record AgentSkill(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("category")] string Category);

/// <summary>The agent's tools.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Platform">Always <c>api_server</c>.</param>
/// <param name="Data">One toolset, or none.</param>
internal sealed record ToolsetList(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("data")] IReadOnlyList<Toolset> Data);

/// <summary>Tools that belong together.</summary>
internal sealed record Toolset
{
    /// <summary>Its name for programs.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    [JsonPropertyName("label")]
    public required string Label { get; init; }

    /// <summary>What it is.</summary>
    [JsonPropertyName("description")]
    public required string Description { get; init; }

    /// <summary>Whether the agent uses it: always true.</summary>
    [JsonPropertyName("enabled")]
    public required bool Enabled { get; init; }

    /// <summary>Whether it has what it needs: always true.</summary>
    [JsonPropertyName("configured")]
    public required bool Configured { get; init; }

    /// <summary>The names of the tools.</summary>
    [JsonPropertyName("tools")]
    public required IReadOnlyList<string> Tools { get; init; }
}
