using System.Net;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class RoutesTests
{
    [Fact]
    public async Task EveryRoute_WithoutAKey_Is401ButHealth()
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);
        var routes = Routes(server).ToList();

        Assert.True(routes.Count >= 9, "The walk found too few routes to mean anything.");
        foreach (var (method, path) in routes)
        {
            var answer = await anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            var expected = path is "/health" or "/v1/health" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
            Assert.True(expected == answer.StatusCode, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task EveryRoute_WithHead_IsNot404()
    {
        await using var server = await HermesServer.StartAsync();
        foreach (var path in Routes(server).Select(route => route.Path).Distinct().Where(path => !path.Contains("probe", StringComparison.Ordinal)))
        {
            var answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            // 400 where a query is required: the route is there.
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest, $"{path}: {answer.StatusCode}");
        }
    }

    /// <summary>Every mapped method and path, with a made-up value for each parameter.</summary>
    internal static IEnumerable<(string Method, string Path)> Routes(HermesServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (method, string.Concat(endpoint.RoutePattern.PathSegments.Select(segment =>
            "/" + string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "probe")))));
}
