namespace Hermes.Core.Http.Wire;

/// <summary>An error of <c>/api/*</c>.</summary>
/// <param name="Error">What happened and what to do.</param>
/// <param name="Code">A word for programs, for example <c>rate_limit_exceeded</c>; missing where there is none.</param>
internal sealed record TextError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("code")] string? Code = null);

/// <summary>An error of those calls of <c>/api/*</c> whose answers say whether they succeeded.</summary>
/// <param name="Success">Always false.</param>
/// <param name="Error">What happened and what to do.</param>
/// <param name="Code">A word for programs; missing where there is none.</param>
internal sealed record OutcomeError(
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("code")] string? Code = null);

/// <summary>An error of <c>/v1/*</c>, and on every path of a missing key (401) and a body that is too large (413).</summary>
/// <param name="Error">The error.</param>
internal sealed record OpenAIError(
    [property: JsonPropertyName("error")] OpenAIErrorDetail Error);

/// <summary>What went wrong.</summary>
/// <param name="Message">What happened and what to do.</param>
/// <param name="Type"><c>invalid_request_error</c>, <c>rate_limit_error</c>, <c>server_error</c>, ….</param>
/// <param name="Param">The field of the request that is to blame; null where it is no single one, missing where no key was accepted.</param>
/// <param name="Code">A word for programs, for example <c>invalid_api_key</c>; null where there is none.</param>
internal sealed record OpenAIErrorDetail(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("param")] string? Param = null,
    [property: JsonPropertyName("code")] string? Code = null);
