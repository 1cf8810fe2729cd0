using Hermes.Core.Chat;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Endpoints;

internal static class HealthEndpoints
{
    private const string Platform = "hermes-agent";

    private static readonly JsonAnswer Ok = JsonAnswer.Of(new Health(HealthCheck.Ok, Platform, HermesVersion.Text));

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

    /// <summary>Tells whether the server is up. Needs no key.</summary>
    /// <response code="200">The server is healthy.</response>
    internal static JsonAnswer GetHealth() => Ok;

    /// <summary>Checks what the API depends on: the session database, config.yaml, the agent and the disk. It only reads.</summary>
    /// <response code="200">The result of each check. <c>status</c> is <c>degraded</c> where one of them fails; the HTTP status is 200 all the same.</response>
    internal static async Task<JsonAnswer> GetDetailedHealth(HttpContext http, Readiness readiness, ChatEngine engine, TimeProvider time)
    {
        var checks = await readiness.CheckAsync(http.RequestServices, http.RequestAborted);
        var status = checks.Values.All(check => check.Status == HealthCheck.Ok) ? HealthCheck.Ok : HealthCheck.Degraded;
        var running = engine.RunningCount;
        return JsonAnswer.Of(new DetailedHealth(
            status, new HealthReadiness(status, checks), Platform, HermesVersion.Text,
            running, GatewayBusy: running > 0, time.GetUtcNow(), Environment.ProcessId));
    }
}
