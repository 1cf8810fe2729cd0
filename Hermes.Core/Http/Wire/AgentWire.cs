namespace Hermes.Core.Http.Wire;

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
/// <param name="Name">Its name for programs.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Description">What it is.</param>
/// <param name="Enabled">Whether the agent uses it: always true.</param>
/// <param name="Configured">Whether it has what it needs: always true.</param>
/// <param name="Tools">The names of the tools.</param>
internal sealed record Toolset(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("label")] string Label,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("enabled")] bool Enabled,
    [property: JsonPropertyName("configured")] bool Configured,
    [property: JsonPropertyName("tools")] IReadOnlyList<string> Tools);
