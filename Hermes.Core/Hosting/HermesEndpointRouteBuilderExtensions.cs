using Hermes.Core.Http;
using Hermes.Core.Http.Json;
using Hermes.Core.Http.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Hermes API into an application.</summary>
public static class HermesEndpointRouteBuilderExtensions
{
    /// <summary>Maps the API's endpoints, below the prefix of <paramref name="endpoints"/> where it is a group.</summary>
    /// <remarks>
    /// Every endpoint but the health checks requires the authorization policy <c>Hermes</c>. Its default is the key of
    /// <see cref="HermesApiOptions.Key"/>; an application that defines the policy itself puts its own authentication in front.
    /// </remarks>
    /// <returns>The group of all endpoints, for conventions such as <c>RequireCors</c> or <c>RequireRateLimiting</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHermes</c> was not called.</exception>
    public static RouteGroupBuilder MapHermesApi(this IEndpointRouteBuilder endpoints)
    {
        var group = Group(endpoints);
        Map(group, ErrorShape.Text, routes =>
        {
            HealthEndpoints.Map(routes, "/health");
            SessionEndpoints.Map(routes);
            SearchEndpoints.Map(routes);
            SessionChatEndpoints.Map(routes);
            MemoryEndpoints.Map(routes);
            SkillEndpoints.Map(routes);
            ConfigEndpoints.Map(routes);
            EventEndpoints.Map(routes);
        });
        Map(group, ErrorShape.OpenAI, routes =>
        {
            HealthEndpoints.Map(routes, "/v1/health");
            ModelEndpoints.Map(routes);
            ChatEndpoints.Map(routes);
            RunEndpoints.Map(routes);
            CapabilityEndpoints.Map(routes);
        });
        return group;
    }

    /// <summary>Answers 404, and preflights, on every path that nothing else serves, with the headers and checks of the API.</summary>
    /// <remarks>For an application that serves the API and nothing else. Call it beside <see cref="MapHermesApi"/>.</remarks>
    /// <exception cref="InvalidOperationException"><c>AddHermes</c> was not called.</exception>
    public static IEndpointConventionBuilder MapHermesNotFound(this IEndpointRouteBuilder endpoints) =>
        Group(endpoints).MapFallback("{*path}", (RequestDelegate)(http => HttpMethods.IsOptions(http.Request.Method)
                ? Results.NoContent().ExecuteAsync(http)
                : Errors.Create(ShapeBelow(http.GetRouteValue("path") as string), StatusCodes.Status404NotFound, "Not Found").ExecuteAsync(http)))
            .WithMetadata(new HermesEndpoint(ErrorShape.Text))
            .WithDisplayName("Hermes: not found")
            .AllowAnonymous()
            .ExcludeFromDescription();

    // The path without the prefix that an application may map the API below.
    private static ErrorShape ShapeBelow(string? path) => new PathString($"/{path}").StartsWithSegments("/v1") ? ErrorShape.OpenAI : ErrorShape.Text;

    private static RouteGroupBuilder Group(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.ServiceProvider.GetService<AccessRules>() is null
            ? throw new InvalidOperationException("The Hermes services are missing. Call builder.Services.AddHermes() before the application is built.")
            : endpoints.MapGroup("");
    }

    private static void Map(RouteGroupBuilder group, ErrorShape shape, Action<IEndpointRouteBuilder> map)
    {
        var routes = group.MapGroup("");
        routes.WithMetadata(new HermesEndpoint(shape)).RequireAuthorization(HermesPolicySetup.PolicyName);
        routes.ReadsExactQuery();
        routes.AddEndpointFilterFactory((factory, next) =>
        {
            var errors = factory.ApplicationServices.GetRequiredService<ErrorFilter>();
            return context => errors.InvokeAsync(context, next);
        });
        map(routes);
        routes.MapOtherMethods(shape);
    }
}
