namespace Hermes.Core.Configuration;

/// <summary>Asks model providers which models they have. Register one, and <c>GET /api/available-models</c> lists what the providers say.</summary>
/// <remarks>Called at most once in five minutes for the same provider and configuration while it answers, and given up after five seconds.
/// Has to be safe for use from any thread.</remarks>
public interface IModelSource
{
    /// <summary>Lists a provider's models.</summary>
    /// <param name="provider">The provider's name as config.yaml writes it; null for the one that is configured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The models; null where the provider's address or key is not known.</returns>
    /// <exception cref="Exception">The provider does not answer. Clients are told no more than that.</exception>
    Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken);
}

/// <summary>A model that a provider has.</summary>
/// <param name="Id">The name to ask for it by.</param>
/// <param name="Description">A few words; empty where there are none.</param>
public sealed record AvailableModel(string Id, string Description = "");
