using System.Text.Json.Nodes;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>Errors that a provider names inside an answer with status 200.</summary>
internal static class ProviderFault
{
    /// <summary>Throws where an object names an error.</summary>
    /// <param name="answer">An answer, an event or a choice.</param>
    /// <param name="retryAfter">When the provider wants to be asked again; null where it did not say.</param>
    public static void ThrowIfNamed(JsonObject answer, TimeSpan? retryAfter)
    {
        var error = answer["error"] switch
        {
            JsonObject { Count: 0 } or JsonArray { Count: 0 } => null,
            JsonValue value when value.GetValueKind() is JsonValueKind.False || value.Text() is "" or "0" => null,
            var node => node,
        };
        if (error is not null || answer["object"].Word() is "error" || answer["type"].Word() is "error")
            throw Create("it answered with an error inside its answer", answer, retryAfter);
    }

    /// <summary>A failure with the status that an answer names, if it names one.</summary>
    public static ChatProviderException Create(string message, JsonObject? answer, TimeSpan? retryAfter)
    {
        var status = answer?["error"] is JsonObject error ? StatusOf(error) ?? StatusOf(answer) : answer is null ? null : StatusOf(answer);
        return new ChatProviderException(message, status, retryAfter);
    }

    private static int? StatusOf(JsonObject error)
    {
        foreach (var name in (ReadOnlySpan<string>)["status", "status_code", "code", "http_status"])
        {
            if (error[name].Number() is >= 400 and < 600 and var status) return (int)status;
        }

        return StatusOf(error["code"].Word()) ?? StatusOf(error["type"].Word()) ?? StatusOf(error["status"].Word());
    }

    // The words of OpenAI, Anthropic and Google.
    private static int? StatusOf(string? word) => word?.ToUpperInvariant() switch
    {
        "INVALID_REQUEST_ERROR" or "INVALID_ARGUMENT" or "CONTEXT_LENGTH_EXCEEDED" => 400,
        "AUTHENTICATION_ERROR" or "INVALID_API_KEY" or "UNAUTHENTICATED" => 401,
        "PERMISSION_ERROR" or "PERMISSION_DENIED" => 403,
        "NOT_FOUND_ERROR" or "MODEL_NOT_FOUND" or "NOT_FOUND" => 404,
        "RATE_LIMIT_ERROR" or "RATE_LIMIT_EXCEEDED" or "INSUFFICIENT_QUOTA" or "TOO_MANY_REQUESTS" or "RESOURCE_EXHAUSTED" => 429,
        _ => null,
    };
}
