using System.Text.Json.Nodes;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Http;

/// <summary>What clients read of the API before they call it. Whoever changes an endpoint or its texts sees here what they will read.</summary>
public class OpenApiDocumentTests
{
    [Fact]
    public async Task Document_IsAsVerified()
    {
        var document = JsonNode.Parse((await ApiDescription.ReadAsync()).Json)!.AsObject();

        // Where it is served, and the library's version.
        document.Remove("servers");
        document["info"]!.AsObject().Remove("version");
        Snapshot.VerifyJson(document.ToJsonString());
    }

    [Fact]
    public async Task Capabilities_AreAsVerified()
    {
        await using var server = await HermesServer.StartAsync();

        Snapshot.VerifyJson(await server.Client.GetStringAsync("/v1/capabilities"));
    }
}
