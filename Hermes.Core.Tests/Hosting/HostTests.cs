using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Hermes.Host;
using Hermes.Testing;

namespace Hermes.Core.Tests.Hosting;

/// <summary>The host as users start it: a process of its own.</summary>
public class HostTests
{
    [Fact]
    public async Task Host_CtrlC_ExitsWith0()
    {
        using var home = new TemporaryHome();
        await using var host = await HostProcess.StartAsync(home.Path);
        using var client = new HttpClient { BaseAddress = host.Address };

        Assert.Equal($$"""{"status":"ok","platform":"hermes-agent","version":"{{HermesVersion.Text}}"}""", await client.GetStringAsync("/health"));
        Assert.Equal(0, await host.InterruptAsync());
    }

    [Fact]
    public async Task Host_ReadingCalls_LeaveAnEmptyHomeEmpty()
    {
        using var home = new TemporaryHome();
        await using var host = await HostProcess.StartAsync(home.Path);
        using var client = new HttpClient { BaseAddress = host.Address };

        foreach (var path in (string[])["/api/sessions", "/api/memory", "/api/skills", "/api/config", "/v1/models", "/openapi/hermes.json"])
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);

        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Path));
    }

    [Fact]
    public async Task Host_Demo_ShowsEveryPartAndRemovesItsHome()
    {
        await using var host = await HostProcess.StartAsync(home: null, ["--demo"]);
        using var client = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(2, (await GetAsync(client, "/api/sessions")).GetProperty("total").GetInt32());
        Assert.Equal(2, (await GetAsync(client, "/api/skills")).GetProperty("total").GetInt32());
        Assert.Contains("Ada", (await GetAsync(client, "/api/memory")).GetProperty("USER.md").GetString(), StringComparison.Ordinal);
        var config = await client.GetStringAsync("/api/config");
        Assert.Contains("example/model-1", config, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up-key", config, StringComparison.Ordinal);
        Assert.Equal(0, await host.InterruptAsync());
    }

    [Theory]
    [InlineData("model: {default: m, base_url: 'https://user:SECRET@h.example/v1', api_key: SECRET}", "model     m at https://h.example")]
    [InlineData("model: {default: m, provider: nobody-knows}", "model     cannot be asked: No provider of the name 'nobody-knows' is known")]
    [InlineData("model: {default: m, base_url: 'https://h.example/v1', api_key: \"SECRET\\u200B\"}", "model     cannot be asked: api_key in the section model of config.yaml has a character that no request can carry, U+200B")]
    public async Task Host_Start_SaysWhichModelIsAsked(string config, string line)
    {
        using var home = new TemporaryHome();
        home.Write("config.yaml", config);
        await using var host = await HostProcess.StartAsync(home.Path);

        Assert.Equal(0, await host.InterruptAsync());
        var output = await host.ReadOutputAsync();
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "needs a key of at least 16 characters")]
    [InlineData("short", "needs a key of at least 16 characters")]
    public async Task Host_RemoteAddressWithoutALongKey_IsRefusedWithTheCure(string? key, string reason)
    {
        using var home = new TemporaryHome();

        var (exitCode, errors) = await HostProcess.RunToEndAsync(home.Path, null, ("API_SERVER_HOST", "0.0.0.0"), ("API_SERVER_KEY", key));

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Contains("API_SERVER_KEY=", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("API_SERVER_PORT", "http", "API_SERVER_PORT=8642")]
    [InlineData("API_SERVER_PORT", "70000", "API_SERVER_PORT=8642")]
    [InlineData("API_SERVER_HOST", "no host", "API_SERVER_HOST=127.0.0.1")]
    [InlineData("API_SERVER_HOST", "192.0.2.1", "listen on 127.0.0.1")]
    [InlineData("Hermes__Api__AllowMemoryWrites", "yes", "Hermes:Api:AllowMemoryWrites")]
    [InlineData("Hermes__Chat__OnDisconnect", "Explode", "Hermes:Chat:OnDisconnect cannot be 'Explode'. Write Interrupt or Finish")]
    [InlineData("Hermes__Chat__OnDisconnect", "7", "Write Interrupt or Finish")]
    [InlineData("Hermes__Chat__Onn", "Finish", "Did you mean Hermes:Chat:OnDisconnect?")]
    [InlineData("Hermes__Chat__ModelTimeout", "soon", "Write hours, minutes and seconds")]
    [InlineData("Hermes__Chat__ShutdownGrace", "30", "Write hours, minutes and seconds")]
    [InlineData("Hermes__Api__AllowedHosts", "host:99", "Hermes:Api:AllowedHosts has 'host:99'")]
    [InlineData("Hermes__Api__AllowedHosts", "hermes.lan, *", "Hermes:Api:AllowedHosts has '*'")]
    [InlineData("Hermes__Api__AllowedHosts__0", "https://hermes.lan", "Hermes:Api:AllowedHosts has 'https://hermes.lan'")]
    [InlineData("Hermes__Chat__BaseUrl", "models.example", "Hermes:Chat:BaseUrl")]
    [InlineData("Hermes__Chat__ApiKey", "schlüssel", "Hermes:Chat:ApiKey")]
    [InlineData("API_SERVER_CORS_ORIGINS", "*", "no key is set")]
    [InlineData("API_SERVER_CORS_ORIGINS", "ui.example/path", "Hermes:Api:CorsOrigins")]
    [InlineData("API_SERVER_KEY", "with a space", "Hermes:Api:Key")]
    public async Task Host_SettingThatCannotWork_IsRefusedWithTheCure(string name, string value, string cure)
    {
        using var home = new TemporaryHome();

        var (exitCode, errors) = await HostProcess.RunToEndAsync(home.Path, null, (name, value));

        Assert.Equal(1, exitCode);
        Assert.Contains(cure, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_AddressOfAnotherMachine_IsRefusedWithTheCure()
    {
        using var home = new TemporaryHome();

        var (exitCode, errors) = await HostProcess.RunToEndAsync(
            home.Path, null, ("API_SERVER_HOST", "192.0.2.1"), ("API_SERVER_KEY", "a-key-that-is-long-enough"));

        Assert.Equal(1, exitCode);
        Assert.Contains("API_SERVER_HOST=127.0.0.1", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_KeyOfOtherBytesThanUtf8_Is401()
    {
        using var home = new TemporaryHome();
        await using var host = await HostProcess.StartAsync(home.Path, null, ("API_SERVER_KEY", "a-key-of-ascii-alone"));
        using var socket = new RawHttp(host.Address);

        var answer = await socket.SendAsync("GET /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\u00e4se\r\nConnection: close\r\n\r\n", Encoding.Latin1);

        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("Invalid API key", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_HomeThatIsAFile_IsRefusedWithTheCure()
    {
        using var home = new TemporaryHome();
        var file = Path.Join(home.Path, "state.db");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, errors) = await HostProcess.RunToEndAsync(file, null);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Name the folder that it lies in: {home.Path}", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:8642")]
    [InlineData("0.0.0.0", "80", "http://0.0.0.0:80")]
    [InlineData("::1", "0", "http://[::1]:0")]
    [InlineData("[::1]", null, "http://[::1]:8642")]
    [InlineData("localhost", null, "http://localhost:8642")]
    public void Address_OfHostAndPort_IsWhatTheyName(string? host, string? port, string expected) =>
        Assert.Equal(expected, GatewaySettings.Address(host, port));

    [Fact]
    public async Task Host_HomeBelowAFile_IsRefusedWithTheCure()
    {
        using var home = new TemporaryHome();
        var file = Path.Join(home.Path, "state.db");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, errors) = await HostProcess.RunToEndAsync(Path.Join(file, "home"), null);

        Assert.Equal(1, exitCode);
        Assert.Contains("Name a folder", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dmo", 1, "", "Did you mean --demo?")]
    [InlineData("--Hermes:Chat:Onn=Finish", 1, "", "Did you mean --Hermes:Chat:OnDisconnect?")]
    [InlineData("--help", 0, "--Hermes:Api:Port", "")]
    [InlineData("--version", 0, "Hermes for .NET ", "")]
    public async Task Host_Argument_DoesNotServeTheHome(string argument, int exitCode, string output, string error)
    {
        using var home = new TemporaryHome();

        var (code, errors, printed) = await HostProcess.RunAsync(home.Path, [argument]);

        Assert.Equal(exitCode, code);
        Assert.StartsWith(output.Length == 0 ? "" : "Hermes for .NET ", printed, StringComparison.Ordinal);
        Assert.Contains(output, printed, StringComparison.Ordinal);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Hermes serves", printed, StringComparison.Ordinal);
        Assert.True(errors.Count(letter => letter == '\n') <= 1, errors);
    }

    [Fact]
    public async Task Host_PortInUse_IsRefusedWithTheCure()
    {
        using var home = new TemporaryHome();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var (exitCode, errors) = await HostProcess.RunToEndAsync(home.Path, null, ("API_SERVER_PORT", port));

        Assert.Equal(1, exitCode);
        Assert.Contains("another port", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ConfigYaml_IsTheLastResort()
    {
        using var home = new TemporaryHome();
        home.Write("config.yaml", "platforms:\n  api_server:\n    key: key-of-the-config-file\n    cors_origins: [https://ui.example]\n");

        await using var fromFile = await HostProcess.StartAsync(home.Path);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fromFile, "key-of-the-config-file", "https://ui.example"));

        await using var fromEnvironment = await HostProcess.StartAsync(home.Path, null, ("API_SERVER_KEY", "key-of-the-environment"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(fromEnvironment, "key-of-the-config-file"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fromEnvironment, "key-of-the-environment"));

        await using var fromArguments = await HostProcess.StartAsync(
            home.Path, ["--Hermes:Api:Key=key-of-the-arguments"], ("API_SERVER_KEY", "key-of-the-environment"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fromArguments, "key-of-the-arguments"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, string key, string? origin = null)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        if (origin is not null)
            client.DefaultRequestHeaders.Add("Origin", origin);

        return (await client.GetAsync("/api/memory")).StatusCode;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetStringAsync(path)).RootElement;
}
