using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Hermes.Core.Tests.Http;

public class CapabilityEndpointsTests
{
    [Fact]
    public async Task Get_Capabilities_ListsEveryCallOnce()
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetFromJsonAsync<JsonElement>("/v1/capabilities");

        Assert.Equal("hermes.capabilities", answer.GetProperty("object").GetString());
        Assert.Equal("hermes-agent", answer.GetProperty("platform").GetString());
        var listed = answer.GetProperty("endpoints").EnumerateArray()
            .Select(call => (call.GetProperty("method").GetString()!, call.GetProperty("path").GetString()!.Replace("{id}", "probe", StringComparison.Ordinal)))
            .ToList();
        Assert.Equal(listed.Distinct(), listed);
        Assert.Contains(("GET", "/v1/capabilities"), listed);
        Assert.Contains(("DELETE", "/api/sessions/probe"), listed);
        Assert.Equal(RoutesTests.Routes(server).Count(route => route.Method != "HEAD"), listed.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_Capabilities_SaysWhatIsSwitchedOn(bool isOn)
    {
        await using var server = await HermesServer.StartAsync(options =>
        {
            options.Api.AllowConfigWrites = isOn;
            options.Api.AllowMemoryWrites = isOn;
        });

        var answer = await server.Client.GetFromJsonAsync<JsonElement>("/v1/capabilities");

        var features = answer.GetProperty("features");
        Assert.Equal(isOn, features.GetProperty("config_writes").GetBoolean());
        Assert.Equal(isOn, features.GetProperty("memory_writes").GetBoolean());
        Assert.True(features.GetProperty("config").GetBoolean());
        Assert.True(features.GetProperty("change_events").GetBoolean());
        Assert.Equal(isOn, IsEnabled(answer, "PATCH", "/api/config"));
        Assert.Equal(isOn, IsEnabled(answer, "DELETE", "/api/memory"));
        Assert.True(IsEnabled(answer, "GET", "/api/config"));
    }

    [Fact]
    public async Task Get_CapabilitiesOfAnApiBelowAPrefix_HasTheWholePaths()
    {
        await using var server = await HermesServer.StartAsync(map: app => app.MapGroup("/hermes").MapHermesApi());

        var answer = await server.Client.GetFromJsonAsync<JsonElement>("/hermes/v1/capabilities");

        Assert.True(IsEnabled(answer, "GET", "/hermes/api/sessions"));
        Assert.True(answer.GetProperty("features").GetProperty("sessions").GetBoolean());
    }

    [Fact]
    public async Task Get_CapabilitiesWithoutAKey_Is401()
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/v1/capabilities")).StatusCode);
    }

    private static bool IsEnabled(JsonElement answer, string method, string path) => answer.GetProperty("endpoints").EnumerateArray()
        .Single(call => call.GetProperty("method").GetString() == method && call.GetProperty("path").GetString() == path)
        .GetProperty("enabled").GetBoolean();
}
