using System.ClientModel;

namespace Hermes.Core.Chat;

/// <summary>A model provider failed. Throw it from an <c>IChatClient</c> to say with what status, and when to try again.</summary>
/// <remarks>
/// Clients of the HTTP API get 429 with <c>Retry-After</c> where <paramref name="status"/> is 429 and 502 otherwise, in fixed words:
/// neither <paramref name="message"/> nor <paramref name="inner"/> reaches them. The message is logged, so keep secrets and the
/// provider's texts out of it; the inner exception is logged at Trace alone.
/// </remarks>
/// <param name="message">What happened, for the log.</param>
/// <param name="status">The provider's HTTP status; null where there was no answer, or it broke off.</param>
/// <param name="retryAfter">When the provider wants to be asked again; null where it did not say.</param>
/// <param name="inner">The cause.</param>
public sealed class ChatProviderException(string message, int? status = null, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The provider's HTTP status; null where there was no answer, or it broke off.</summary>
    public int? Status { get; } = status;

    /// <summary>When the provider wants to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>
    /// Says what a client of an OpenAI-compatible provider threw, without the provider's words: put it between the client and steps that log exceptions
    /// whole, since a provider may quote the key.
    /// </summary>
    /// <param name="exception">What the client threw, other than for a cancellation that was asked for.</param>
    /// <returns>
    /// The same exception where it is one already. Else one with the status of a <see cref="ClientResultException"/> and its <c>Retry-After</c>; with
    /// the cause where the network failed; without anything of the exception but its type otherwise.
    /// </returns>
    public static ChatProviderException From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            ChatProviderException known => known,
            ClientResultException { Status: > 0 } result => new("it answered with an error", result.Status, RetryAfterHeader.Find(result)),
            HttpRequestException or IOException or TimeoutException => new("it cannot be reached, or its answer broke off", inner: exception),
            _ => new($"it did not answer in time, or its answer cannot be understood ({exception.GetType().Name})"),
        };
    }
}
