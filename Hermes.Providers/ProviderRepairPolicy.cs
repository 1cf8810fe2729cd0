using System.ClientModel.Primitives;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>The step of a client's pipeline that repairs answers: next to the transport, so that every other step sees them repaired.</summary>
/// <remarks>Safe for use from any thread.</remarks>
/// <param name="maxEventBytes">The longest event, or the longest plain answer, in bytes.</param>
internal sealed class ProviderRepairPolicy(int maxEventBytes) : PipelinePolicy
{
    // What a provider says about its error is read by people, in logs.
    private const int MaxErrorBytes = 64 * 1024;

    // For the client's synchronous calls, which an app may make: the body is read by asynchronous code alone, of which two copies would be needed else.
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        ProcessAsync(message, pipeline, currentIndex, isAsync: false).GetAwaiter().GetResult();

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        new(ProcessAsync(message, pipeline, currentIndex, isAsync: true));

    private async Task ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex, bool isAsync)
    {
        var isChat = message.Request.Uri?.AbsolutePath.EndsWith("/chat/completions", StringComparison.Ordinal) is true;
        var isPlain = message.BufferResponse;
        try
        {
            // The transport would buffer a plain answer without any limit.
            message.BufferResponse = isPlain && !isChat;
            if (isAsync)
                await ProcessNextAsync(message, pipeline, currentIndex).ConfigureAwait(false);
            else
                ProcessNext(message, pipeline, currentIndex);
        }
        finally
        {
            message.BufferResponse = isPlain;
        }

        if (isChat && message.Response is { ContentStream: { } sent } response)
            response.ContentStream = await RepairAsync(response, sent, isPlain, message.CancellationToken).ConfigureAwait(false);
    }

    private async Task<Stream> RepairAsync(PipelineResponse response, Stream sent, bool isPlain, CancellationToken cancellationToken)
    {
        if (response.IsError)
        {
            await using (sent.ConfigureAwait(false))
            {
                var buffer = new byte[MaxErrorBytes];
                var length = await sent.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return new MemoryStream(buffer, 0, length);
            }
        }

        var body = new ProviderBody(sent, maxEventBytes);
        var retryAfter = response.Headers.TryGetValue("Retry-After", out var header) ? ChatProviderException.ParseRetryAfter(header) : null;
        var chunks = new AnswerRepair(retryAfter).ReadAsync(body, response.Headers.TryGetValue("Content-Length", out _));
        if (!isPlain) return new RepairedStream(body, chunks);

        await using (body.ConfigureAwait(false))
        {
            body.Cancellation = cancellationToken;
            return new MemoryStream(await PlainAnswer.WriteAsync(chunks, maxEventBytes).ConfigureAwait(false));
        }
    }
}
