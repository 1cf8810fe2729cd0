using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Http;

public class ModelEndpointsTests
{
    [Fact]
    public async Task Get_TheAgent_IsTheOneOfTheList()
    {
        await using var server = await HermesServer.StartAsync();

        var one = await server.Client.GetFromJsonAsync<JsonElement>("/v1/models/hermes-agent");

        var listed = (await server.Client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("data").EnumerateArray().Single();
        Assert.Equal(listed.EnumerateObject().Select(property => property.Name), one.EnumerateObject().Select(property => property.Name));
        Assert.Equal("hermes-agent", one.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("openai%2Fgpt-4o")]
    [InlineData("Hermes-Agent")]
    public async Task Get_AnotherModel_Is404AsOpenAIHasIt(string id)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetAsync($"/v1/models/{id}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("model_not_found", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }
}
