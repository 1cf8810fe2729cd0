using Hermes.Testing;
using Microsoft.Extensions.Configuration;

namespace Hermes.Core.Tests.Hosting;

public sealed class HermesConfigurationExtensionsTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("platforms: {api_server: {host: h, port: 9000, key: k, cors_origins: [https://a.example, https://b.example]}}", "h", "9000", "k", "https://a.example,https://b.example")]
    [InlineData("gateway: {api_server: {key: 12345, cors_origins: 'https://a.example'}}", null, null, "12345", "https://a.example")]
    [InlineData("platforms: {api_server: {key: first}}\ngateway: {api_server: {key: second, port: 1}}", null, null, "first", null)]
    [InlineData("platforms: {api_server: none}", null, null, null, null)]
    [InlineData("platforms: [a\n", null, null, null, null)]
    [InlineData("", null, null, null, null)]
    public void AddHermesHome_ApiServerOfConfig_BecomesSettings(string config, string? host, string? port, string? key, string? origins)
    {
        _home.Write("config.yaml", config);

        var settings = new ConfigurationBuilder().AddHermesHome(_home.Home).Build().GetSection("Hermes:Api");

        Assert.Equal((host, port, key, origins), (settings["Host"], settings["Port"], settings["Key"], settings["CorsOrigins"]));
    }

    [Theory]
    [InlineData("API_SERVER_KEY=of the variables\nAPI_SERVER_PORT=9001\n", "of the variables", "9001")]
    [InlineData("API_SERVER_KEY=\n", "", "1")]
    [InlineData("OTHER=x\n", "of the section", "1")]
    public void AddHermesHome_VariablesOfTheHome_WinOverConfig(string variables, string key, string port)
    {
        _home.Write("config.yaml", "platforms: {api_server: {key: of the section, port: 1}}").Write(".env", variables);

        var settings = new ConfigurationBuilder().AddHermesHome(_home.Home).Build().GetSection("Hermes:Api");

        Assert.Equal((key, port), (settings["Key"], settings["Port"]));
    }

    [Fact]
    public void AddHermesHome_VariablesThatCannotBeRead_SayNothing()
    {
        _home.Write("config.yaml", "platforms: {api_server: {key: k}}").Write(".env/x", "");

        Assert.Equal("k", new ConfigurationBuilder().AddHermesHome(_home.Home).Build()["Hermes:Api:Key"]);
    }

    [Fact]
    public void AddHermesHome_WhatTheAppSays_Wins()
    {
        _home.Write("config.yaml", "platforms: {api_server: {key: file, port: 1}}");

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Hermes:Api:Key", "app")])
            .AddHermesHome(_home.Home)
            .Build();

        Assert.Equal(("app", "1"), (configuration["Hermes:Api:Key"], configuration["Hermes:Api:Port"]));
    }
}
