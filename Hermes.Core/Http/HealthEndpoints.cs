using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Http.Json;
using Hermes.Core.Http.Security;
using Hermes.Core.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class HealthEndpoints
{
    private static readonly IResult Ok = new JsonBytes(StatusCodes.Status200OK, Utf8Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteString("platform"u8, "hermes-agent"u8);
        json.WriteString("version"u8, HermesVersion.Text);
        json.WriteEndObject();
    }));

    public static void Map(IEndpointRouteBuilder routes, string pattern, string name) =>
        routes.MapMethods(pattern, HermesRoutes.Reading, GetHealth)
            .Named(name)
            .WithTags("Health")
            .Produces<Health>()
            .Open();

    public static void MapDetailed(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/health/detailed", HermesRoutes.Reading, GetDetailedHealth)
            .Named("health_detailed")
            .WithTags("Health")
            .Produces<DetailedHealth>().ProducesErrors();

    /// <summary>Says that the server answers. Needs no key.</summary>
    /// <response code="200">It does.</response>
    internal static IResult GetHealth() => Ok;

    /// <summary>Says whether what the API needs is there, for whoever watches it. Nothing is written to find out.</summary>
    /// <response code="200">The checks: also where some of them fail, which <c>status</c> says then.</response>
    internal static async Task<JsonBytes> GetDetailedHealth(HttpContext http, Readiness readiness, ChatEngine engine, TimeProvider time)
    {
        var checks = await readiness.CheckAsync(http.RequestServices, http.RequestAborted);
        var status = checks.All(check => check.Fault is null) ? "ok"u8.ToArray() : "degraded"u8.ToArray();
        var running = engine.RunningCount;
        return new JsonBytes(StatusCodes.Status200OK, Utf8Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, status);
            json.WriteStartObject("readiness"u8);
            json.WriteString("status"u8, status);
            json.WriteStartObject("checks"u8);
            foreach (var check in checks)
            {
                Write(json, check);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("platform"u8, "hermes-agent"u8);
            json.WriteString("version"u8, HermesVersion.Text);
            json.WriteNumber("active_agents"u8, running);
            json.WriteBoolean("gateway_busy"u8, running > 0);
            json.WriteString("updated_at"u8, time.GetUtcNow());
            json.WriteNumber("pid"u8, Environment.ProcessId);
            json.WriteEndObject();
        }));
    }

    private static void Write(Utf8JsonWriter json, ReadinessCheck check)
    {
        json.WriteStartObject(check.Name);
        json.WriteString("status"u8, check.Fault is null ? "ok"u8 : "degraded"u8);
        if ((check.Fault ?? check.Note) is { } detail)
        {
            json.WriteString("detail"u8, detail);
        }

        json.WriteEndObject();
    }
}
