using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class ModelOptionEndpointsTests
{
    private const string Config = """
        model: {default: m-1, provider: "custom:my-server"}
        custom_providers:
          - {name: My Server, base_url: "http://127.0.0.1:9/v1", api_key: SECRET, models: [m-1, m-2]}
          - {name: Other, base_url: "https://other.example/v1", model: o-1}
          - {name: Without an address, model: w-1}
        """;

    [Fact]
    public async Task Options_NamedProviders_HaveTheirModels()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("config.yaml", Config);

        var answer = await server.Client.GetStringAsync("/api/model/options");

        Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
        var options = JsonElement.Parse(answer);
        Assert.Equal(("m-1", "custom:my-server"), (options.GetProperty("model").GetString(), options.GetProperty("provider").GetString()));
        Assert.Equal(
            [
                """{"slug":"custom:My Server","name":"My Server","is_current":true,"models":["m-1","m-2"],"total_models":2,"authenticated":true}""",
                """{"slug":"custom:Other","name":"Other","is_current":false,"models":["o-1"],"total_models":1,"authenticated":true}""",
                """{"slug":"custom:Without an address","name":"Without an address","is_current":false,"models":["w-1"],"total_models":1,"authenticated":false}""",
            ],
            options.GetProperty("providers").EnumerateArray().Select(provider => provider.GetRawText()));
    }

    [Fact]
    public async Task Options_ConfiguredProviderThatAnswers_HasItsOwnList()
    {
        var source = new Source();
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IModelSource>(source));
        server.Home.Write("config.yaml", Config);

        var providers = JsonElement.Parse(await server.Client.GetStringAsync("/api/model/options")).GetProperty("providers");

        Assert.Equal("""["listed-1","listed-2"]""", providers[0].GetProperty("models").GetRawText());
        Assert.Equal("""["o-1"]""", providers[1].GetProperty("models").GetRawText());
        Assert.Equal([null], source.Asked);
    }

    [Fact]
    public async Task Options_EmptyHome_AreNone()
    {
        await using var server = await HermesServer.StartAsync();

        Assert.Equal("""{"providers":[],"model":null,"provider":null}""", await server.Client.GetStringAsync("/api/model/options"));
    }

    private sealed class Source : IModelSource
    {
        public List<string?> Asked { get; } = [];

        public Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken)
        {
            Asked.Add(provider);
            return Task.FromResult<IReadOnlyList<AvailableModel>?>([new AvailableModel("listed-1"), new AvailableModel("listed-2")]);
        }
    }
}
