using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Rules that hold for every path of the API: HEAD beside GET, preflights, and 405 with <c>Allow</c>.</summary>
internal static class HermesRoutes
{
    /// <summary>GET alone would answer 405 to HEAD.</summary>
    public static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static readonly string[] Post = [HttpMethods.Post];
    public static readonly string[] Patch = [HttpMethods.Patch];
    public static readonly string[] Delete = [HttpMethods.Delete];

    /// <summary>Leaves the methods that the endpoint does not have to another pattern with a parameter, which its path fits as well.</summary>
    public static TBuilder SharesPath<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new SharedPath());

    /// <summary>Answers, on every path that <paramref name="routes"/> has so far, the methods that nothing else answers.</summary>
    /// <remarks>
    /// The framework would answer 405 itself, but without the headers that every answer carries. OPTIONS is answered here too:
    /// without a key, because browsers send none with a preflight; whether the origin may call was checked before.
    /// </remarks>
    public static void MapOtherMethods(this IEndpointRouteBuilder routes, ErrorShape shape)
    {
        var byPattern = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<SharedPath>() is null)
            .ToLookup(
                endpoint => endpoint.RoutePattern.RawText!,
                endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods,
                StringComparer.Ordinal);
        foreach (var pattern in byPattern)
        {
            var allow = string.Join(", ", pattern.SelectMany(methods => methods).Append(HttpMethods.Options).Distinct().Order(StringComparer.Ordinal));
            routes.Map(pattern.Key, (RequestDelegate)(http => AnswerOtherMethod(http, shape, allow)))
                .WithDisplayName($"Hermes: other methods of {pattern.Key}")
                .Open()
                .ExcludeFromDescription();
        }
    }

    private sealed class SharedPath;

    private static Task AnswerOtherMethod(HttpContext http, ErrorShape shape, string allow)
    {
        http.Response.Headers.Allow = allow;
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        return Errors.Create(shape, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed").ExecuteAsync(http);
    }
}
