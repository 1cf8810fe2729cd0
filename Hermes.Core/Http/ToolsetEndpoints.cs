using Hermes.Core.Chat;
using Hermes.Core.Http.Json;
using Hermes.Core.Skills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

/// <summary>What the agent can do, for clients that show it: its skills and its tools.</summary>
internal static class ToolsetEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Skills");
        routes.MapMethods("/v1/skills", HermesRoutes.Reading, ListSkills)
            .Named("skills")
            .Produces<AgentSkillList>().ProducesOpenAIErrors();
        routes.MapMethods("/v1/toolsets", HermesRoutes.Reading, ListToolsets)
            .Named("toolsets")
            .Produces<ToolsetList>().ProducesOpenAIErrors();
    }

    /// <summary>Lists the skills that are switched on, in short. <c>/api/skills</c> has all of them, with their texts.</summary>
    /// <response code="200">The skills, in the order of <c>/api/skills</c>.</response>
    internal static async Task<JsonBytes> ListSkills(HttpContext http, SkillCatalog skills)
    {
        var snapshot = await skills.ReadAsync(http.RequestAborted);
        return new JsonBytes(RenderedJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var skill in snapshot.Skills.Where(skill => skill.Enabled))
            {
                json.WriteStartObject();
                json.WriteString("name"u8, skill.Name);
                json.WriteString("description"u8, skill.Description);
                json.WriteString("category"u8, skill.Category);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    /// <summary>Lists the tools that the application registers as services, as one toolset. Tools that the agent's pipeline adds to each request cannot be seen.</summary>
    /// <response code="200">The toolset, or none where no tool can be seen.</response>
    internal static JsonBytes ListToolsets(HttpContext http)
    {
        var tools = Agent.FindTools(http.RequestServices);
        return new JsonBytes(RenderedJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteString("platform"u8, "api_server"u8);
            json.WriteStartArray("data"u8);
            if (tools.Count > 0)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, "agent"u8);
                json.WriteString("label"u8, "Agent"u8);
                json.WriteString("description"u8, "The tools that are registered with the agent"u8);
                json.WriteBoolean("enabled"u8, true);
                json.WriteBoolean("configured"u8, true);
                json.WriteStartArray("tools"u8);
                foreach (var tool in tools)
                {
                    json.WriteStringValue(tool);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }
}
