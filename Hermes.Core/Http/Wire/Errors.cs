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
    public static JsonAnswer ForeignOrigin { get; } = new(StatusCodes.Status403Forbidden, default);

    /// <summary>An error in the shape that the endpoint's clients expect.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="message">What happened and what to do; it is shown to the client.</param>
    /// <param name="param">The field of the request that is to blame; null where it is no single one. The OpenAI shape alone has it.</param>
    /// <param name="retryAfter">When to try again; null leaves the header out.</param>
    /// <param name="code">A word for programs; null where there is none.</param>
    /// <param name="shouldRetry">Whether asking again may help.</param>
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
    public static OpenAIError OpenAI(int status, string message, string? param = null, string? code = null) =>
        new(new OpenAIErrorDetail(message, TypeOf(status), param, code));

    /// <summary>A 500 that says nothing of its cause but an id to find it by in the log.</summary>
    public static JsonAnswer Internal(ErrorShape shape, string correlationId) =>
        Create(shape, StatusCodes.Status500InternalServerError, $"Internal server error (correlation id {correlationId})");

    /// <summary>The number of whole seconds for <c>Retry-After</c>, at least 1.</summary>
    public static string RetryAfterSeconds(TimeSpan wait) =>
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };
}
