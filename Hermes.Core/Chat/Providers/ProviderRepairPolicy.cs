using System.ClientModel.Primitives;

namespace Hermes.Core.Chat.Providers;

/// <summary>The step of a client's pipeline that repairs answers: next to the transport, so that every other step sees them repaired.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class ProviderRepairPolicy : PipelinePolicy
{
    // What a provider says about its error is read by people, in logs.
    private const int MaxErrorBytes = 64 * 1024;

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        ProcessAsync(message, pipeline, currentIndex, isAsync: false).GetAwaiter().GetResult();

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        new(ProcessAsync(message, pipeline, currentIndex, isAsync: true));

    private static async Task ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex, bool isAsync)
    {
        var isChat = IsChat(message);
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

        if (isChat)
            await RepairAsync(message, isPlain).ConfigureAwait(false);
    }

    private static bool IsChat(PipelineMessage message) =>
        message.Request.Uri?.AbsolutePath.EndsWith("/chat/completions", StringComparison.Ordinal) is true;

    private static async Task RepairAsync(PipelineMessage message, bool isPlain)
    {
        if (message.Response is not { ContentStream: { } sent } response)
            return;

        if (response.IsError)
        {
            await using (sent.ConfigureAwait(false))
            {
                response.ContentStream = await ReadBeginningAsync(sent, message.CancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var body = new ProviderBody(sent);
        var chunks = AnswerRepair.ReadAsync(body, response.Headers.TryGetValue("Content-Length", out _), RetryAfter(response));
        if (!isPlain)
        {
            response.ContentStream = new RepairedStream(body, chunks);
            return;
        }

        await using (body.ConfigureAwait(false))
        {
            body.Cancellation = message.CancellationToken;
            response.ContentStream = new MemoryStream(await PlainAnswer.WriteAsync(chunks).ConfigureAwait(false));
        }
    }

    private static async Task<MemoryStream> ReadBeginningAsync(Stream sent, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxErrorBytes];
        var length = await sent.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new MemoryStream(buffer, 0, length);
    }

    private static TimeSpan? RetryAfter(PipelineResponse response) =>
        response.Headers.TryGetValue(RetryAfterHeader.Name, out var value) ? RetryAfterHeader.Parse(value) : null;
}
