using System.ClientModel.Primitives;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>Lets OpenAI's client read what OpenAI-compatible providers really send.</summary>
public static class ProviderRepairExtensions
{
    // More than any answer: one with pictures in it has a few MB.
    private const int MaxEventBytes = 16 * 1024 * 1024;

    /// <summary>Repairs the answers of <c>…/chat/completions</c> before the client judges them.</summary>
    /// <remarks>
    /// <para>
    /// The client refuses what other clients take: a <c>finish_reason</c> that it does not know, numbers with a fraction, lists that are
    /// null, a role that is empty. These are repaired; a refusal's words are the answer; usage that repeats is given once, at the end; tool calls without an index are told
    /// apart by their ids; a plain answer to a streaming call is read, and a stream to a plain call. What is not odd passes as it came.
    /// </para>
    /// <para>
    /// Nothing is invented: an answer that breaks off, an error inside an answer with status 200, a web page and an event or a plain
    /// answer of more than 16 MB are a <see cref="ChatProviderException"/>, with the status that the provider named. Answers with an
    /// error status stay the client's <see cref="System.ClientModel.ClientResultException"/>, with the first 64 KB of their text.
    /// </para>
    /// <para>
    /// A stream is passed on event by event. A call counts as streaming where the client does not buffer its answer
    /// (<see cref="PipelineMessage.BufferResponse"/>), as OpenAI's does. Asynchronous calls block no thread; synchronous ones block theirs.
    /// </para>
    /// </remarks>
    /// <param name="options">The client's options, as <c>OpenAIClientOptions</c>, before a client is made of them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="InvalidOperationException">A client has been made of the options already.</exception>
    /// <example><code>new OpenAIClient(credential, new OpenAIClientOptions { Endpoint = address }.UseProviderRepair())</code></example>
    public static TOptions UseProviderRepair<TOptions>(this TOptions options)
        where TOptions : ClientPipelineOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.UseProviderRepair(MaxEventBytes);
    }

    /// <summary>The same with another limit than 16 MB.</summary>
    internal static TOptions UseProviderRepair<TOptions>(this TOptions options, int maxEventBytes)
        where TOptions : ClientPipelineOptions
    {
        options.AddPolicy(new ProviderRepairPolicy(maxEventBytes), PipelinePosition.BeforeTransport);
        return options;
    }
}
