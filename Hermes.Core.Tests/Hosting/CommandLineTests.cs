using System.Reflection;
using Hermes.Core.Hosting;
using Hermes.Host;
using Microsoft.Extensions.Configuration;

namespace Hermes.Core.Tests.Hosting;

public class CommandLineTests
{
    [Theory]
    [InlineData("--dmo", "--demo")]
    [InlineData("--Demo", "--demo")]
    [InlineData("-demo", "--demo")]
    [InlineData("demo", "--demo")]
    [InlineData("--hlep", "--help")]
    [InlineData("--port", "--Hermes:Api:Port")]
    [InlineData("--Hermes:Api:Prot=9000", "--Hermes:Api:Port")]
    [InlineData("--Hermse:Api:Port=9000", "--Hermes:Api:Port")]
    [InlineData("--Hermes__Api__Port=9000", "--Hermes:Api:Port")]
    [InlineData("--Hermes:Chat:Onn=Finish", "--Hermes:Chat:OnDisconnect")]
    [InlineData("Hermes:Homme=/srv", "--Hermes:Home")]
    [InlineData("--Hermes:Api:CorsOrigins:first=x", "--Hermes:Api:CorsOrigins")]
    public void Parse_ArgumentThatMeansNothing_IsRefusedWithTheNearest(string argument, string nearest)
    {
        var message = Refusal("--Hermes:Api:Port=9000", argument);

        Assert.StartsWith($"'{argument.Split('=')[0]}' is ", message, StringComparison.Ordinal);
        Assert.Contains($" Did you mean {nearest}? ", message, StringComparison.Ordinal);
        Assert.Contains("--help", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--xyzzy")]
    [InlineData("--foo=bar")]
    [InlineData("-x")]
    [InlineData("-p")]
    [InlineData("--urlz=http://localhost:1")]
    [InlineData("--enviroment=Development")]
    [InlineData("--Hermes:Foo=1")]
    [InlineData("--Other:Key=1")]
    [InlineData("")]
    [InlineData("--")]
    [InlineData("---")]
    [InlineData("=")]
    [InlineData("/")]
    public void Parse_ArgumentLikeNothing_IsRefusedWithoutAGuess(string argument)
    {
        var message = Refusal(argument);

        Assert.DoesNotContain("Did you mean", message, StringComparison.Ordinal);
        Assert.Contains("--help", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls=http://localhost:1")]
    [InlineData("--urls")]
    [InlineData("URLS=http://localhost:1")]
    [InlineData("/http_ports=80")]
    [InlineData("--HTTPS_PORTS=443")]
    public void Parse_AddressInAnothersWords_SaysWhichSettingItIs(string argument)
    {
        var message = Refusal(argument);

        Assert.StartsWith($"{argument.Split('=')[0]} is not how ", message, StringComparison.Ordinal);
        Assert.Contains("--Hermes:Api:Host=", message, StringComparison.Ordinal);
        Assert.Contains("--Hermes:Api:Port=", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ValueOfAnUnknownSetting_IsNotRepeated() => Assert.DoesNotContain("secret", Refusal("--Hermes:Api:Kye=secret"), StringComparison.Ordinal);

    [Theory]
    [InlineData("--demo=true")]
    [InlineData("demo=1")]
    [InlineData("--DEMO=")]
    public void Parse_SwitchWithAValue_IsRefused(string argument) => Assert.Contains("write --demo alone", Refusal(argument), StringComparison.Ordinal);

    [Fact]
    public void Parse_SettingWithoutAValue_SaysWhatToWrite()
    {
        Assert.Contains("write --Hermes:Chat:OnDisconnect=VALUE, with Interrupt or Finish", Refusal("--Hermes:Chat:OnDisconnect"), StringComparison.Ordinal);
        Assert.Contains("needs a value", Refusal("--Hermes:Home", "--demo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Settings_AreHandedOnAsTheyAre()
    {
        string[] settings = ["--hermes:api:port=9000", "/Hermes:Home=/srv/a", "Hermes:Chat:Model=m", "--Hermes:Api:Key", "k", "--Hermes:Api:CorsOrigins:0=https://a.example", "--Logging:LogLevel:Default=Debug", "--detailedErrors=true", "--environment", "Development"];

        var line = CommandLine.Parse([.. settings, "--demo"]);

        Assert.Equal(settings, line.Settings);
        Assert.True(line.IsDemo);
        Assert.Null(line.Print);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("/?")]
    public void Parse_Help_NamesEverySetting(string argument)
    {
        var help = CommandLine.Parse([argument]).Print!;

        Assert.All(HostSettings.All, setting => Assert.Contains($"--{setting.Key} ", help, StringComparison.Ordinal));
        Assert.Contains("--demo ", help, StringComparison.Ordinal);
        Assert.Contains("API_SERVER_CORS_ORIGINS", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_AreThoseOfTheOptionsAndOfThisHost()
    {
        var options = Leaves("Hermes", typeof(HermesOptions));

        Assert.Equal(
            options.Concat(["Hermes:Api:Host", "Hermes:Api:Port", "Hermes:Chat:ApiKey", "Hermes:Chat:BaseUrl", "Hermes:Chat:Model"]).Order(StringComparer.Ordinal),
            HostSettings.All.Select(setting => setting.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Hermes:Api:AllowMemoryWrite", "Hermes:Api:AllowMemoryWrites")]
    [InlineData("Hermes:Chats:Model", "Hermes:Chat:Model")]
    [InlineData("hermes:hme", "Hermes:Home")]
    public void RefuseUnknown_KeyOfAnySource_IsRefusedWithTheNearest(string key, string nearest)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, "x"), new("Hermes:Api:Port", "1")]).Build();

        var failure = Assert.Throws<HostSettingException>(() => HostSettings.RefuseUnknown(configuration));

        Assert.Contains($"Did you mean {nearest}?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseUnknown_KnownKeys_AreFine() => HostSettings.RefuseUnknown(new ConfigurationBuilder().AddInMemoryCollection(
        [.. HostSettings.All.Select(setting => KeyValuePair.Create<string, string?>(setting.Key.ToUpperInvariant(), "x")), new("Hermes:Api:AllowedHosts:12", "x"), new("Hermes", "x"), new("Other:Key", "x")]).Build());

    private static string Refusal(params string[] arguments) => Assert.Throws<HostSettingException>(() => CommandLine.Parse(arguments)).Message;

    private static IEnumerable<string> Leaves(string path, Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property => property.PropertyType is { IsClass: true, Namespace: { } space } own && space.StartsWith("Hermes.", StringComparison.Ordinal)
            ? Leaves($"{path}:{property.Name}", own)
            : [$"{path}:{property.Name}"]);
}
