using System.ClientModel;

namespace Hermes.Core.Chat;

/// <summary>A model provider failed. Throw it from an <c>IChatClient</c>, alone or as the inner exception of another, to say with what status, and when to try again.</summary>
/// <remarks>Clients of the HTTP API get 429 with <c>Retry-After</c> where <paramref name="status"/> is 429 and 502 otherwise, in fixed
/// words: neither <paramref name="message"/> nor <paramref name="inner"/> reaches them. The message is logged, so keep secrets and the
/// provider's texts out of it; the inner exception is logged at Trace alone.</remarks>
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

    /// <summary>What a provider's <c>Retry-After</c> header says: a number of seconds, which some write with a fraction, or a date; null for anything else.</summary>
    public static TimeSpan? ParseRetryAfter(string? header) =>
        double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
        : DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? TimeSpan.FromSeconds(Math.Max(0, (date - TimeProvider.System.GetUtcNow()).TotalSeconds))
        : null;

    /// <summary>The provider's failure in what an agent threw, which may have an exception of its own around it; null where no provider named a status.</summary>
    /// <remarks>What OpenAI's client throws, and every other one on System.ClientModel, is known as it is. Nothing of its text is taken over.</remarks>
    public static ChatProviderException? Find(Exception exception) => exception switch
    {
        ChatProviderException known => known,
        { InnerException: ChatProviderException known } => known,
        ClientResultException { Status: > 0 } result => new(
            "it answered with an error", result.Status,
            result.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var header) is true ? ParseRetryAfter(header) : null),
        HttpRequestException { StatusCode: { } status } => new("it answered with an error", (int)status),
        _ => null,
    };
}
