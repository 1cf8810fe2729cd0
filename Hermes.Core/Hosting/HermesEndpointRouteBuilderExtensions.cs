using Hermes.Core.Http;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Hermes API into an application.</summary>
public static class HermesEndpointRouteBuilderExtensions
{
    /// <summary>Maps the API's endpoints, below the prefix of <paramref name="endpoints"/> where it is a group.</summary>
    /// <remarks>Every endpoint but the health checks asks for the key of <see cref="HermesApiOptions.Key"/>, by itself: no authentication scheme
    /// is registered. An application that defines the authorization policy <c>Hermes</c> puts its own authentication in the key's place.
    /// What it requires of the group (<c>RequireAuthorization</c>) is asked beside the key, or alone where there is no key. Where a key is
    /// asked and the group requires nothing else, the application's fallback policy does not hold for these endpoints.
    /// <para>A path that the application serves itself, as its own <c>/health</c>, stays the application's.</para></remarks>
    /// <returns>The group of all endpoints, for conventions such as <c>RequireAuthorization</c>, <c>RequireCors</c> or <c>RequireRateLimiting</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHermes</c> was not called.</exception>
    public static RouteGroupBuilder MapHermesApi(this IEndpointRouteBuilder endpoints)
    {
        var rules = Rules(endpoints);
        var group = endpoints.MapGroup("").WithMetadata(new CapabilityEndpoints.MappedApi());
        Map(group, rules, ErrorShape.Text, routes =>
        {
            HealthEndpoints.Map(routes, "/health", "health");
            HealthEndpoints.MapDetailed(routes);
            SessionEndpoints.Map(routes);
            ModelEndpoints.MapOfSession(routes);
            SessionEndpoints.MapOverAll(routes);
            SessionChatEndpoints.Map(routes);
            MemoryEndpoints.Map(routes);
            SkillEndpoints.Map(routes);
            ConfigEndpoints.Map(routes);
            ModelEndpoints.MapChoices(routes);
            EventEndpoints.Map(routes);
        });
        Map(group, rules, ErrorShape.OpenAI, routes =>
        {
            HealthEndpoints.Map(routes, "/v1/health", "health_v1");
            ModelEndpoints.Map(routes);
            SkillEndpoints.MapOfAgent(routes);
            ChatEndpoints.Map(routes);
            RunEndpoints.Map(routes);
            CapabilityEndpoints.Map(routes);
        });
        return group;
    }

    /// <summary>Answers 404, and preflights, on every path that nothing else serves, with the headers and checks of the API.</summary>
    /// <remarks>For an application that serves the API and nothing else. Call it beside <see cref="MapHermesApi"/>.</remarks>
    /// <exception cref="InvalidOperationException"><c>AddHermes</c> was not called.</exception>
    public static IEndpointConventionBuilder MapHermesNotFound(this IEndpointRouteBuilder endpoints)
    {
        var rules = Rules(endpoints);
        var group = endpoints.MapGroup("");
        group.GuardAccess(rules);
        return group.MapFallback("{*path}", (RequestDelegate)(http => HttpMethods.IsOptions(http.Request.Method)
                ? Results.NoContent().ExecuteAsync(http)
                : Errors.Create(ShapeBelow(http.GetRouteValue("path") as string), StatusCodes.Status404NotFound, "Not Found").ExecuteAsync(http)))
            .WithMetadata(new HermesEndpoint(ErrorShape.Text)).WithDisplayName("Hermes: not found").Open().ExcludeFromDescription();
    }

    // The path without the prefix that an application may map the API below.
    private static ErrorShape ShapeBelow(string? path) => new PathString($"/{path}").StartsWithSegments("/v1") ? ErrorShape.OpenAI : ErrorShape.Text;

    private static AccessRules Rules(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.ServiceProvider.GetService<AccessRules>()
            ?? throw new InvalidOperationException("The Hermes services are missing. Call builder.Services.AddHermes() before the application is built.");
    }

    private static void Map(RouteGroupBuilder group, AccessRules rules, ErrorShape shape, Action<IEndpointRouteBuilder> map)
    {
        // A group below the one that the application gets: what it maps there itself is not ours to guard.
        var routes = group.MapGroup("");
        routes.WithMetadata(new HermesEndpoint(shape)).GuardAccess(rules);
        HermesOpenApi.Describe(routes);
        routes.ReadsExactQuery();
        routes.AnswerHead();
        routes.AddEndpointFilter<ErrorFilter>();
        map(routes);
        routes.MapOtherMethods(shape);
    }
}
