using System.Text.Json.Nodes;

namespace Hermes.Core.Chat.Providers;

/// <summary>The words with which providers say why an answer ended, as OpenAI's.</summary>
internal static class FinishReasons
{
    /// <summary>OpenAI's word for a provider's; null where it says none. Whatever nobody knows is <c>stop</c>.</summary>
    /// <exception cref="ChatProviderException">The word says that the answer is not whole.</exception>
    public static string? Find(JsonNode? given)
    {
        switch (LenientJson.Word(given)?.Trim().ToUpperInvariant())
        {
            case null or "NULL" or "NONE":
                return null;
            case "LENGTH" or "MAX_TOKENS" or "MAX_OUTPUT_TOKENS" or "MAX_LENGTH" or "MODEL_LENGTH" or "MODEL_CONTEXT_WINDOW_EXCEEDED" or "INCOMPLETE":
                return "length";
            case "TOOL_CALLS" or "TOOL_CALL" or "TOOL_USE" or "FUNCTION_CALL":
                return "tool_calls";
            case "CONTENT_FILTER" or "CONTENT_FILTERED" or "SAFETY" or "SENSITIVE" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII":
                return "content_filter";
            case "ERROR" or "ABORT" or "ABORTED" or "CANCELLED" or "CANCELED" or "FAILED" or "TIMEOUT" or "NETWORK_ERROR" or "INSUFFICIENT_SYSTEM_RESOURCE"
                or "MALFORMED_FUNCTION_CALL":
                throw new ChatProviderException("it says that its answer broke off");
            default:
                return "stop";
        }
    }
}
