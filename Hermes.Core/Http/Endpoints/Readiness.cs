using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Diagnostics;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Finds out whether what the API needs is there: by reading alone, and without a word of paths and secrets.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class Readiness(HermesHome home, SessionStore sessions, ConfigFile config, ChatEngine engine, TimeProvider time, ILogger<Readiness> logger)
{
    private const long LeastFreeBytes = 100 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes all checks.</summary>
    /// <param name="services">Where the agent is found.</param>
    /// <param name="clientGone">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, HealthCheck>> CheckAsync(IServiceProvider services, CancellationToken clientGone) => new OrderedDictionary<string, HealthCheck>
    {
        ["state_db"] = Judge(await FindStoreFaultAsync(clientGone)),
        ["config"] = Judge(FindConfigFault()),
        ["model"] = Judge(FindModelFault(services)),
        ["disk"] = Judge(FindDiskFault()),
        ["background_queues"] = new(HealthCheck.Ok, string.Create(CultureInfo.InvariantCulture, $"{engine.RunningCount} turns in flight")),
    };

    private static HealthCheck Judge(string? fault) => new(fault is null ? HealthCheck.Ok : HealthCheck.Degraded, fault);

    private async Task<string?> FindStoreFaultAsync(CancellationToken clientGone)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        try
        {
            await sessions.ListAsync(new SessionQuery { Limit = 1 }, limit.Token).WaitAsync(limit.Token);
            return null;
        }
        catch (SessionStoreUnavailableException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            return "It did not answer within 5 seconds";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.CheckFailed(exception, "state_db");
            return "It cannot be read; the log says why";
        }
    }

    private string? FindConfigFault()
    {
        try
        {
            config.Read();
            return null;
        }
        catch (ConfigUnreadableException exception)
        {
            return exception.Message;
        }
    }

    private string? FindModelFault(IServiceProvider services)
    {
        try
        {
            if (Agent.Find(services) is not { } agent)
                return "There is no agent: the application registers no IChatClient";

            // One that asks whatever the home is configured for says so, and by which settings of its own.
            agent.GetService<ProviderResolver>()?.Find(agent.GetService<ProviderOptions>());
            return null;
        }
        catch (ProviderConfigurationException exception)
        {
            return exception.Message;
        }
        catch (Exception exception)
        {
            logger.CheckFailed(exception, "model");
            return "The agent cannot be made; the log says why";
        }
    }

    private string? FindDiskFault()
    {
        try
        {
            // A home need not exist yet; then its nearest folder says where it will be.
            var folder = home.Path;
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
                folder = parent;

            return new DriveInfo(folder).AvailableFreeSpace >= LeastFreeBytes ? null : "Less than 100 MB are free";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            logger.CheckFailed(exception, "disk");
            return "The free space cannot be told";
        }
    }
}
