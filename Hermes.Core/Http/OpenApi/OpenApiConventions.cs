using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.OpenApi;

/// <summary>Says in an endpoint's metadata what its OpenAPI description shows.</summary>
internal static class OpenApiConventions
{
    /// <summary>The endpoint takes a JSON object of this shape.</summary>
    public static RouteHandlerBuilder AcceptsJson<TBody>(this RouteHandlerBuilder endpoint, bool isOptional = false)
        where TBody : notnull =>
        // Not Accepts(): that has the framework refuse other content types, which the reference takes.
        endpoint.WithMetadata(new DocumentedBody(typeof(TBody), isOptional));

    /// <summary>The endpoint can answer these errors in the shape of <c>/api/*</c>, and 401.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses) =>
        endpoint.Produces<TextError>(statuses);

    /// <summary>The endpoint can answer these errors in the shape of <see cref="ErrorShape.Outcome"/>, and 401.</summary>
    public static RouteHandlerBuilder ProducesOutcomeErrors(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses) =>
        endpoint.Produces<OutcomeError>(statuses);

    /// <summary>The endpoint can answer these errors in the shape of <c>/v1/*</c>, and 401.</summary>
    public static RouteHandlerBuilder ProducesOpenAIErrors(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses) =>
        endpoint.Produces<OpenAIError>(statuses);

    /// <summary>The endpoint answers 200 with server-sent events of these names, each with data of its type.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="events">The events; one without a name is <c>message</c>, as for an EventSource.</param>
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder endpoint, params (string Name, Type Data)[] events) =>
        endpoint.WithMetadata(new DocumentedEvents(events));

    private static RouteHandlerBuilder Produces<TError>(this RouteHandlerBuilder endpoint, ReadOnlySpan<int> statuses)
    {
        endpoint.Produces<OpenAIError>(StatusCodes.Status401Unauthorized);
        foreach (var status in statuses)
            _ = status is StatusCodes.Status413PayloadTooLarge ? endpoint.Produces<OpenAIError>(status) : endpoint.Produces<TError>(status);

        return endpoint;
    }
}

/// <summary>The JSON object that an endpoint takes, for its OpenAPI description.</summary>
internal sealed record DocumentedBody(Type Type, bool IsOptional);

/// <summary>The events that an endpoint streams, for its OpenAPI description.</summary>
internal sealed record DocumentedEvents(IReadOnlyList<(string Name, Type Data)> Events);
