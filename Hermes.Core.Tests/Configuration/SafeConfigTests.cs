using System.IO.Abstractions;
using System.Text;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Wire;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using static Hermes.Core.Http.Wire.ConfigWire;

namespace Hermes.Core.Tests.Configuration;

public sealed class SafeConfigTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    public void Read_FileWithNothingInIt_IsEmptyObject(string text) => AssertShown("{}", text);

    [Fact]
    public void Read_NoFile_IsEmptyObject() => Assert.Equal("{}", Config().Read().GetRawText());

    [LinuxFact]
    public void Read_Pipe_IsRefusedWithoutWaiting()
    {
        NamedPipe.Create(_home.Home.ConfigFile);

        AssertUnreadable("it is a pipe or a device");
    }

    [Fact]
    public void Read_LinkLoop_IsRefused()
    {
        File.CreateSymbolicLink(_home.Home.ConfigFile, Path.Join(_home.Path, "other.yaml"));
        File.CreateSymbolicLink(Path.Join(_home.Path, "other.yaml"), _home.Home.ConfigFile);

        AssertUnreadable("it is a link that leads nowhere");
    }

    [Fact]
    public void Read_LinkToNothing_IsRefused()
    {
        File.CreateSymbolicLink(_home.Home.ConfigFile, Path.Join(_home.Path, "missing.yaml"));

        AssertUnreadable("it is a link that leads nowhere");
    }

    [LinuxFact]
    public void Read_LinkToAPipe_IsRefused()
    {
        NamedPipe.Create(Path.Join(_home.Path, "pipe"));
        File.CreateSymbolicLink(_home.Home.ConfigFile, Path.Join(_home.Path, "pipe"));

        AssertUnreadable("it is a pipe or a device");
    }

    [Fact]
    public void Read_TenThousandAliasesOfALongText_IsRefused()
    {
        _home.Write("config.yaml", $"x: &x {new string('a', 30_000)}\nagent:\n  personalities: [{string.Join(',', Enumerable.Repeat("*x", 10_000))}]\n");

        var reason = Assert.Throws<ConfigUnreadableException>(() => Config().Read()).Reason;

        Assert.StartsWith("line 3, column ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanFourMegabytesToShow_IsRefusedAgainAndAgain()
    {
        _home.Write("config.yaml", $"agent:\n  personalities: {{{string.Join(',', Enumerable.Range(0, 100).Select(number => $"p{number}: '{string.Concat(Enumerable.Repeat("some words ", 4500))}'"))}}}\n");
        var config = Config();

        for (var time = 0; time < 3; time++)
            Assert.Equal("it is larger than 4 MiB where every alias is written out", Assert.Throws<ConfigUnreadableException>(() => config.Read()).Reason);
    }

    [Fact]
    public void Read_BrokenFileThatIsMended_IsReadAgain()
    {
        var config = Config();
        _home.Write("config.yaml", "model: [");
        File.SetLastWriteTimeUtc(_home.Home.ConfigFile, DateTime.UtcNow.AddDays(-1));

        // What is wrong with it is remembered from the first time on.
        for (var look = 0; look < 3; look++)
            Assert.Equal("line 2, column 1", Assert.Throws<ConfigUnreadableException>(() => config.Read()).Reason);

        _home.Write("config.yaml", "model: m");
        Assert.Equal("""{"model":"m"}""", config.Read().GetRawText());
    }

    [Fact]
    public void Read_Sections_AreTheKnownOnesAlone() => AssertShown(
        """{"model":"a","provider":"b","timezone":null,"toolsets":["web"]}""",
        "toolsets: [web]\nmodel: a\nproviders: {x: {api_key: s3cr3t}}\ntimezone:\nprovider: b\nterminal: {ssh_key: s3cr3t}\nplatforms: {x: {token: s3cr3t}}\n");

    [Fact]
    public void Read_AnchorsAndMergeKeys_AreResolved() => AssertShown(
        """{"model":{"name":"a","default":"c"},"agent":{"name":"[hidden]","verbose":true},"tts":{"name":"[hidden]","verbose":true}}""",
        "base: &b {name: a, verbose: true}\nmodel: {<<: *b, default: c}\nagent: *b\ntts: *b\n".Replace("model: {<<: *b,", "model: {<<: {name: a},", StringComparison.Ordinal));

    [Fact]
    public void Read_VariableReference_IsNeverExpanded() => AssertShown(
        """{"model":{"default":"${HOME}/x","api_key":"${PATH}"}}""",
        "model: {default: '${HOME}/x', api_key: '${PATH}'}");

    [Fact]
    public void Read_ByteOrderMarkAndCrLf_AreTaken() => AssertShown("""{"model":"a","provider":"b"}""", "\uFEFFmodel: a\r\nprovider: b\r\n");

    [Fact]
    public void Read_SampleWithASecretInEveryShape_ShowsNoneAndEverythingElse()
    {
        _home.Write("config.yaml", SampleConfig.Yaml);

        var shown = Config().Read().GetRawText();

        Assert.DoesNotContain("MARK", shown, StringComparison.Ordinal);
        foreach (var kept in SampleConfig.Kept)
            Assert.Contains(kept, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{sk-abcdefgh: true, 'https://h/x': true, ada@host.example: true, 4711: true, 1.2.3.4: true, 'This is a whole sentence': true, plain name: true}", """{"[hidden]":true,"[hidden 2]":true,"[hidden 3]":true,"[hidden 4]":true,"[hidden 5]":true,"[hidden 6]":true,"plain name":true}""")]
    [InlineData("{true: yes, ~: no, 1: on, 1.5: off, 2024-01-02: yes}", """{"true":true,"null":false,"1":true,"1.5":false,"2024-01-02":true}""")]
    [InlineData("{1: yes, '1': no}", """{"1":false}""")]
    [InlineData("{api_key: s3cr3t}", """{"has_api_key":true}""")]
    [InlineData("{api_key: ''}", "{}")]
    [InlineData("{api_key: false, token:, secrets: [s3cr3t]}", """{"api_key":false}""")]
    [InlineData("{api_key: '${MY_KEY}', other: '${X}'}", """{"api_key":"${MY_KEY}","other":"${X}"}""")]
    [InlineData("{a: [{b: [c, true, 1]}]}", """{"a":[{"b":["[hidden]",true,"[hidden]"]}]}""")]
    [InlineData("{verbose: !!set {a, b}}", """{"verbose":["[hidden]","[hidden]"]}""")]
    public void Read_SectionOfTheAgent_IsShownAs(string section, string expected) => AssertShown($$"""{"agent":{{expected}}}""", $"agent: {section}");

    [Theory]
    [InlineData("[{name: corp, base_url: 'https://u:s3cr3t@h/v1?k=s3cr3t', api_key: s3cr3t, key_env: CORP_KEY}, plain-string-MARK_034]", """[{"name":"corp","base_url":"https://h/v1","key_env":"CORP_KEY","has_api_key":true},"[hidden]"]""")]
    [InlineData("{corp: {base_url: 'https://h/v1', api_key: s3cr3t, models: [a, b]}, secret-ai: {model: m}}", """{"corp":{"base_url":"https://h/v1","models":["a","b"],"has_api_key":true},"secret-ai":{"model":"m"}}""")]
    public void Read_CustomProviders_AreAListOrAMapping(string section, string expected) => AssertShown($$"""{"custom_providers":{{expected}}}""", $"custom_providers: {section}");

    [Theory]
    [InlineData("model: [a\nb: {c\napi_key: s3cr3t\n", "line 2, column 2")]
    [InlineData("model:\n  api_key: \"s3cr3t\n", "line 2, column 12")]
    [InlineData("a: 1\nb: 2\nmodel: *s3cr3t\n", "line 3, column 8")]
    [InlineData("model: a\n---\nmodel: b\n", "line 2, column 1")]
    [InlineData("- model\n- b\n", "it is not a mapping of keys to values")]
    [InlineData("s3cr3t", "it is not a mapping of keys to values")]
    public void Read_FileThatIsNoYamlMapping_SaysWhereAndNoMore(string text, string reason)
    {
        _home.Write("config.yaml", text);

        var exception = Assert.Throws<ConfigUnreadableException>(() => Config().Read());

        Assert.Equal($"config.yaml cannot be read: {reason}", exception.Message);
        Assert.DoesNotContain("s3cr3t", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileThatIsNotUtf8_SaysSo()
    {
        File.WriteAllBytes(_home.Home.ConfigFile, [.. "model: caf"u8, 0xE9]);

        Assert.Equal("config.yaml cannot be read: it is not UTF-8", Assert.Throws<ConfigUnreadableException>(() => Config().Read()).Message);
    }

    [Fact]
    public void Read_Folder_SaysSo()
    {
        Directory.CreateDirectory(_home.Home.ConfigFile);

        Assert.Equal("config.yaml cannot be read: it is a folder", Assert.Throws<ConfigUnreadableException>(() => Config().Read()).Message);
    }

    [Fact]
    public void Read_FileChanges_ShowsTheChange()
    {
        var config = Config();
        _home.Write("config.yaml", "model: a");
        Assert.Equal("""{"model":"a"}""", config.Read().GetRawText());

        _home.Write("config.yaml", "model: [broken");
        Assert.Throws<ConfigUnreadableException>(() => config.Read());

        _home.Write("config.yaml", "model: longer");
        Assert.Equal("""{"model":"longer"}""", config.Read().GetRawText());

        File.Delete(_home.Home.ConfigFile);
        Assert.Equal("{}", config.Read().GetRawText());
    }

    [Fact]
    public void Read_FileBehindALinkChanges_ShowsTheChange()
    {
        _home.Write("real.yaml", "model: a");
        File.CreateSymbolicLink(_home.Home.ConfigFile, "real.yaml");
        var config = Config();
        Assert.Equal("""{"model":"a"}""", config.Read().GetRawText());

        _home.Write("real.yaml", "model: longer");

        Assert.Equal("""{"model":"longer"}""", config.Read().GetRawText());
    }

    [Fact]
    public void ReadShown_SameText_IsMadeOnce()
    {
        _home.Write("config.yaml", "model: a");
        var config = Config();

        var first = config.ReadShown();
        var second = config.ReadShown();
        _home.Write("config.yaml", "model: b");
        var other = config.ReadShown();

        Assert.Equal("""{"model":"a","config":{"model":"a"},"effective":{"model":"a","provider":null,"base_url":null,"api_mode":null}}""", Json(first));
        Assert.Same(first, second);
        Assert.StartsWith("""{"model":"b",""", Json(other), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadShown_EmptySection_IsShownAsNull()
    {
        _home.Write("config.yaml", "display:\ntimezone:\nprovider: openai");

        Assert.StartsWith("""{"provider":"openai","display":null,"timezone":null,"config":{"provider":"openai","display":null,"timezone":null},""", Json(Config().ReadShown()), StringComparison.Ordinal);
    }

    private static string Json(SafeConfig.Shown shown) => Encoding.UTF8.GetString(WireJson.Serialize(ConfigAnswer.From(shown)));

    [Fact]
    public async Task Read_FromManyThreadsWhileTheFileChanges_IsAlwaysOneOfItsStates()
    {
        _home.Write("config.yaml", "model: a");
        var config = Config();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 200; round++)
                Assert.Matches("""^\{"model":"a+"\}$""", config.Read().GetRawText());
        })).ToList();
        for (var length = 1; length < 20; length++)
        {
            _home.Write("next.yaml", $"model: {new string('a', length)}");
            File.Move(Path.Join(_home.Path, "next.yaml"), _home.Home.ConfigFile, overwrite: true);
        }

        await Task.WhenAll(readers);
    }

    [Fact]
    public void ReadOrEmpty_BrokenFile_IsEmpty()
    {
        _home.Write("config.yaml", "skills: [a\n");

        Assert.Equal(0, new ConfigFile(_home.Home, new FileSystem()).ReadOrEmpty().Count);
    }

    [Fact]
    public void ReadOrEmpty_File_HasWhatIsNeverShown()
    {
        _home.Write("config.yaml", "platforms: {x: 1}\n");

        Assert.True(new ConfigFile(_home.Home, new FileSystem()).ReadOrEmpty().Contains("platforms"));
    }

    private void AssertUnreadable(string reason)
    {
        Assert.Equal(reason, Assert.Throws<ConfigUnreadableException>(() => Config().Read()).Reason);
        Assert.Throws<ConfigUnreadableException>(() => Config().ReadEffectiveModel());
    }

    private SafeConfig Config() => new(_home.Home, new FileSystem());

    private void AssertShown(string expected, string yaml)
    {
        _home.Write("config.yaml", yaml);

        Assert.Equal(expected, Config().Read().GetRawText());
    }
}
