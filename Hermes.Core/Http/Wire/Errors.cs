namespace Hermes.Core.Http.Wire;

/// <summary>The errors of the API, in all of its shapes.</summary>
internal static class Errors
{
    /// <summary>No key, or not the right one. In the OpenAI shape on every path, and without <c>param</c>, as the reference answers.</summary>
    public static JsonAnswer InvalidApiKey { get; } = new(StatusCodes.Status401Unauthorized,
        """{"error":{"message":"Invalid API key","type":"invalid_request_error","code":"invalid_api_key"}}"""u8.ToArray());
    /// <summary>The body is over the endpoint's limit. In the OpenAI shape on every path, as the reference answers.</summary>
    public static JsonAnswer BodyTooLarge { get; } =
        Create(ErrorShape.OpenAI, StatusCodes.Status413PayloadTooLarge, "Request body too large.", code: "body_too_large");
    /// <summary>A page of an origin that is not listed called: 403 and no body.</summary>
    public static JsonAnswer ForeignOrigin { get; } = new(StatusCodes.Status403Forbidden);

    /// <summary>An error in the shape that the endpoint's clients expect. The OpenAI shape alone names the field that is to blame.</summary>
    public static JsonAnswer Create(
        ErrorShape shape, int status, string message, string? param = null, TimeSpan? retryAfter = null, string? code = null, bool shouldRetry = true)
    {
        var body = shape switch
        {
            ErrorShape.Text => WireJson.Serialize(new TextError(message, code)),
            ErrorShape.Outcome => WireJson.Serialize(new OutcomeError(false, message, code)),
            _ => WireJson.Serialize(OpenAI(status, message, param, code)),
        };
        return new JsonAnswer(status, body) { RetryAfter = retryAfter, ShouldRetry = shouldRetry };
    }

    /// <summary>An error of <c>/v1/*</c>; its type follows from its status.</summary>
    public static OpenAIError OpenAI(int status, string message, string? param = null, string? code = null) => new(new OpenAIErrorDetail(
        message, status is 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error" : "server_error", param, code));

    /// <summary>An error of <c>/api/*</c>.</summary>
    /// <param name="Error">What happened and what to do.</param>
    /// <param name="Code">A word for programs, for example <c>rate_limit_exceeded</c>; missing where there is none.</param>
    internal sealed record TextError(string Error, string? Code = null);

    /// <summary>An error of those calls of <c>/api/*</c> whose answers say whether they succeeded.</summary>
    /// <param name="Success">Always false.</param>
    /// <param name="Error">What happened and what to do.</param>
    /// <param name="Code">A word for programs; missing where there is none.</param>
    internal sealed record OutcomeError(bool Success, string Error, string? Code = null);

    /// <summary>An error of <c>/v1/*</c>, and on every path of a missing key (401) and a body that is too large (413).</summary>
    /// <param name="Error">The error.</param>
    internal sealed record OpenAIError(OpenAIErrorDetail Error);

    /// <summary>What went wrong.</summary>
    /// <param name="Message">What happened and what to do.</param>
    /// <param name="Type"><c>invalid_request_error</c>, <c>rate_limit_error</c>, <c>server_error</c>, ….</param>
    /// <param name="Param">The field of the request that is to blame; null where it is no single one, missing where no key was accepted.</param>
    /// <param name="Code">A word for programs, for example <c>invalid_api_key</c>; null where there is none.</param>
    internal sealed record OpenAIErrorDetail(string Message, string Type, string? Param = null, string? Code = null);
}

/// <summary>A request cannot be understood. The message names the field and what is wrong with it, and is shown to the client.</summary>
internal sealed class RequestException(
    string message, int status = StatusCodes.Status400BadRequest, string? param = null, string? code = null, TimeSpan? retryAfter = null) : Exception(message)
{
    public int Status => status;
    public string? Param => param;
    public string? Code => code;
    public TimeSpan? RetryAfter => retryAfter;
}
