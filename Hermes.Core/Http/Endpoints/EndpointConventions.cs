using Hermes.Core.Chat;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Http.Wire.Errors;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What holds for endpoints of several resources: HEAD beside GET, preflights, 405 with <c>Allow</c>, and calls that are switched off.</summary>
internal static class EndpointConventions
{
    /// <summary>Lets the endpoints answer HEAD wherever they answer GET.</summary>
    public static void AnswerHead(this IEndpointConventionBuilder endpoints) => endpoints.Add(static endpoint =>
    {
        if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: [var method] } && method == HttpMethods.Get)
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    });

    /// <summary>Leaves the methods that the endpoint does not have to another pattern with a parameter, which its path fits as well.</summary>
    public static RouteHandlerBuilder SharesPath(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new SharedPath());

    /// <summary>The endpoint answers 403, and reads nothing of the request, while the setting is off.</summary>
    /// <remarks>A filter comes after authentication: who has no key does not learn what is switched on.</remarks>
    public static RouteHandlerBuilder Behind(this RouteHandlerBuilder endpoint, WriteSwitch writeSwitch) =>
        endpoint.WithMetadata(writeSwitch).AddEndpointFilter((context, next) => writeSwitch.IsOn(context.HttpContext.RequestServices)
            ? next(context)
            : throw new RequestException($"This is switched off on the server. Set {writeSwitch.Setting} to true there to allow it.", StatusCodes.Status403Forbidden));

    /// <summary>The endpoint takes a JSON object of this shape.</summary>
    /// <remarks>Not Accepts(): that has the framework refuse other content types, which the reference takes.</remarks>
    public static RouteHandlerBuilder AcceptsJson<TBody>(this RouteHandlerBuilder endpoint, bool isOptional = false) =>
        endpoint.WithMetadata(new HermesOpenApi.DocumentedBody(typeof(TBody), isOptional));

    /// <summary>The endpoint can answer these errors, in the shape of its <see cref="HermesEndpoint"/>, and 401.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        endpoint.Finally(built =>
        {
            var shape = built.Metadata.OfType<HermesEndpoint>().LastOrDefault()?.ErrorShape switch
            {
                ErrorShape.Text => typeof(TextError),
                ErrorShape.Outcome => typeof(OutcomeError),
                _ => typeof(OpenAIError),
            };
            foreach (var status in statuses.Prepend(401))
                built.Metadata.Add(new ProducesResponseTypeMetadata(status, status is 401 or 413 ? typeof(OpenAIError) : shape, ["application/json"]));
        });
        return endpoint;
    }

    /// <summary>The endpoint answers 200 with server-sent events of these names, each with data of its type; <c>message</c> is one without a name.</summary>
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder endpoint, params (string Name, Type Data)[] events) =>
        endpoint.WithMetadata(new HermesOpenApi.DocumentedEvents(events));

    /// <summary>Answers, on every path that <paramref name="routes"/> has so far, the methods that nothing else answers.</summary>
    /// <remarks>The framework's own 405 lacks the headers that every answer carries. OPTIONS needs no key: browsers send none with a preflight.</remarks>
    public static void MapOtherMethods(this IEndpointRouteBuilder routes, ErrorShape shape)
    {
        var byPattern = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<SharedPath>() is null)
            .ToLookup(endpoint => endpoint.RoutePattern.RawText!, endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods);
        foreach (var pattern in byPattern)
        {
            // HEAD is not among them yet: the conventions of the group are applied later.
            var methods = pattern.SelectMany(own => own.Contains(HttpMethods.Get) ? [.. own, HttpMethods.Head] : own);
            var allow = string.Join(", ", methods.Append(HttpMethods.Options).Distinct().Order(StringComparer.Ordinal));
            var notAllowed = Errors.Create(shape, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
            routes.Map(pattern.Key, (RequestDelegate)(http =>
                {
                    http.Response.Headers.Allow = allow;
                    return HttpMethods.IsOptions(http.Request.Method) ? Results.NoContent().ExecuteAsync(http) : notAllowed.ExecuteAsync(http);
                }))
                .WithDisplayName($"Hermes: other methods of {pattern.Key}").Open().ExcludeFromDescription();
        }
    }

    private sealed class SharedPath;
}

/// <summary>A setting that allows a group of calls which change something. On an endpoint's metadata it says which one the endpoint needs.</summary>
internal sealed record WriteSwitch(string Setting, Func<IServiceProvider, bool> IsOn)
{
    public static WriteSwitch Sessions { get; } = OfApi("Hermes:Api:AllowSessionWrites", options => options.AllowSessionWrites);
    public static WriteSwitch Memory { get; } = OfApi("Hermes:Api:AllowMemoryWrites", options => options.AllowMemoryWrites);
    public static WriteSwitch Config { get; } = OfApi("Hermes:Api:AllowConfigWrites", options => options.AllowConfigWrites);
    public static WriteSwitch Model { get; } =
        new("Hermes:Chat:AllowModelChoice", services => services.GetRequiredService<HermesChatOptions>().AllowModelChoice);

    private static WriteSwitch OfApi(string setting, Func<HermesApiOptions, bool> isOn) =>
        new(setting, services => isOn(services.GetRequiredService<HermesApiOptions>()));
}
