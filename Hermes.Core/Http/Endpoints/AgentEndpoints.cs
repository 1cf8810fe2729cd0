using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using Hermes.Core.Skills;
using static Hermes.Core.Http.Wire.AgentWire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What the agent can do, for clients that show it: its skills and its tools.</summary>
internal static class AgentEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Skills");
        routes.MapGet("/v1/skills", ListSkills).Named("skills").Produces<AgentSkillList>().ProducesOpenAIErrors(500);
        routes.MapGet("/v1/toolsets", ListToolsets).Named("toolsets").Produces<ToolsetList>().ProducesOpenAIErrors();
    }

    /// <summary>Lists the skills that are switched on, in short. <c>/api/skills</c> has all of them, with their texts.</summary>
    /// <response code="200">The skills, in the order of <c>/api/skills</c>.</response>
    /// <response code="500">The folder of skills cannot be read; the text says why.</response>
    internal static async Task<JsonAnswer> ListSkills(HttpContext http, SkillCatalog skills)
    {
        var snapshot = await skills.ReadAsync(http.RequestAborted);
        return JsonAnswer.Tagged(new AgentSkillList(
            "list", [.. snapshot.Skills.Where(skill => skill.Enabled).Select(skill => new AgentSkill(skill.Name, skill.Description, skill.Category))]));
    }

    /// <summary>Lists the tools that the application registers as services, as one toolset. Tools that the agent's pipeline adds to each request cannot be seen.</summary>
    /// <response code="200">The toolset, or none where no tool can be seen.</response>
    internal static JsonAnswer ListToolsets(HttpContext http)
    {
        var tools = Agent.FindTools(http.RequestServices);
        var toolset = new Toolset("agent", "Agent", "The tools that are registered with the agent", Enabled: true, Configured: true, tools);
        return JsonAnswer.Tagged(new ToolsetList("list", "api_server", tools.Count > 0 ? [toolset] : []));
    }
}
