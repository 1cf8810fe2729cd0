using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Diagnostics;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using static Hermes.Core.Http.Wire.AgentWire;

namespace Hermes.Core.Http.Endpoints;

internal static class HealthEndpoints
{
    private const string Platform = "hermes-agent";
    private static readonly JsonAnswer Ok = JsonAnswer.Of(new Health(HealthCheck.Ok, Platform, HermesVersion.Text));

    public static void Map(IEndpointRouteBuilder routes, string pattern, string name) =>
        routes.MapGet(pattern, GetHealth).Named(name).WithTags("Health").Produces<Health>().Open();

    public static void MapDetailed(IEndpointRouteBuilder routes) =>
        routes.MapGet("/health/detailed", GetDetailedHealth).Named("health_detailed").WithTags("Health").Produces<DetailedHealth>().ProducesErrors();

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
            status, new HealthReadiness(status, checks), Platform, HermesVersion.Text, running, GatewayBusy: running > 0, time.GetUtcNow(), Environment.ProcessId));
    }

    /// <summary>Finds out whether what the API needs is there: by reading alone, and without a word of paths and secrets.</summary>
    internal sealed class Readiness(HermesHome home, SessionStore sessions, ConfigFile config, ChatEngine engine, TimeProvider time, ILogger<Readiness> logger)
    {
        private const long LeastFreeBytes = 100 * 1024 * 1024;

        public async Task<IReadOnlyDictionary<string, HealthCheck>> CheckAsync(IServiceProvider services, CancellationToken clientGone)
        {
            var checks = new OrderedDictionary<string, HealthCheck>();
            await AddAsync("state_db", "It cannot be read; the log says why", () => FindStoreFaultAsync(clientGone));
            await AddAsync("config", "It cannot be read; the log says why", () => new(FindConfigFault()));
            await AddAsync("model", "The agent cannot be made; the log says why", () => new(FindModelFault(services)));
            await AddAsync("disk", "The free space cannot be told", () => new(FindDiskFault()));
            checks["background_queues"] = new(HealthCheck.Ok, string.Create(CultureInfo.InvariantCulture, $"{engine.RunningCount} turns in flight"));
            return checks;

            async Task AddAsync(string name, string unknownFault, Func<ValueTask<string?>> findFault)
            {
                string? fault;
                try
                {
                    fault = await findFault();
                }
                catch (Exception exception) when (!clientGone.IsCancellationRequested)
                {
                    var isTold = exception is SessionStoreUnavailableException or ConfigUnreadableException or ProviderConfigurationException;
                    fault = isTold ? exception.Message : unknownFault;
                    if (!isTold)
                        logger.CheckFailed(exception, name);
                }

                checks[name] = new(fault is null ? HealthCheck.Ok : HealthCheck.Degraded, fault);
            }
        }

        private async ValueTask<string?> FindStoreFaultAsync(CancellationToken clientGone)
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(clientGone, timeout.Token);
            try
            {
                await sessions.ListAsync(new SessionQuery { Limit = 1 }, limit.Token).WaitAsync(limit.Token);
                return null;
            }
            catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
            {
                return "It did not answer within 5 seconds";
            }
        }

        private string? FindConfigFault()
        {
            config.Read();
            return null;
        }

        private static string? FindModelFault(IServiceProvider services)
        {
            if (Agent.Find(services) is not { } agent) return "There is no agent: the application registers no IChatClient";

            // One that asks whatever the home is configured for says so, and by which settings of its own.
            agent.GetService<ProviderResolver>()?.Find(agent.GetService<ProviderOptions>());
            return null;
        }

        private string? FindDiskFault()
        {
            // A home need not exist yet; then its nearest folder says where it will be.
            var folder = home.Path;
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
                folder = parent;

            return new DriveInfo(folder).AvailableFreeSpace >= LeastFreeBytes ? null : "Less than 100 MB are free";
        }
    }
}
