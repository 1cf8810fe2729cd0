using System.ClientModel;
using System.ClientModel.Primitives;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>The step around a client's retries that names the cause of an error status, so that chat tells its clients the status and when to ask again.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class ProviderFailurePolicy : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        ProcessNext(message, pipeline, currentIndex);
        ThrowIfFailed(message);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        await ProcessNextAsync(message, pipeline, currentIndex).ConfigureAwait(false);
        ThrowIfFailed(message);
    }

    private static void ThrowIfFailed(PipelineMessage message)
    {
        if (message.Response is { IsError: true } response && ProviderRepairPolicy.IsChat(message))
            throw new ClientResultException(response, new ChatProviderException("it answered with an error", response.Status, ProviderRepairPolicy.RetryAfter(response)));
    }
}
