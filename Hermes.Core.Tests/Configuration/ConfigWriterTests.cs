using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Configuration;

public sealed class ConfigWriterTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ConfigWriter _writer;

    public ConfigWriterTests() => _writer = new ConfigWriter(_home.Home, new FileSystem());

    public void Dispose()
    {
        _writer.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Write_FileOfFourHundredLines_ChangesThreeLinesOfIt()
    {
        var before = LongConfig();
        _home.Write("config.yaml", string.Join('\n', before));

        await _writer.WriteAsync(new ConfigChange { Model = "new/model-2", Provider = "custom:corp", BaseUrl = "https://new.example/v1" });

        var after = (await File.ReadAllTextAsync(_home.Home.ConfigFile)).Split('\n');
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(
            ["  default: \"new/model-2\"   # the large one", "  provider: custom:corp", "  base_url: 'https://new.example/v1'"],
            before.Zip(after).Where(lines => lines.First != lines.Second).Select(lines => lines.Second));
    }

    [Fact]
    public async Task Write_NoHome_CreatesBothForTheirOwnerAlone()
    {
        Directory.Delete(_home.Path);

        var now = await _writer.WriteAsync(new ConfigChange { Model = "m" });

        Assert.Equal(new EffectiveModel("m", null, null, null), now);
        Assert.Equal("model:\n  default: m\n", await File.ReadAllTextAsync(_home.Home.ConfigFile));
        AssertMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, _home.Path);
        AssertMode(UnixFileMode.UserRead | UnixFileMode.UserWrite, _home.Home.ConfigFile);
    }

    [Theory]
    [InlineData("644", "600")]
    [InlineData("600", "600")]
    [InlineData("440", "400")]
    public async Task Write_FileWithAMode_LeavesItsOwnersRightsAlone(string before, string after)
    {
        _home.Write("config.yaml", "model: m\n");
        SetMode(before);

        await _writer.WriteAsync(new ConfigChange { Model = "n" });

        AssertMode((UnixFileMode)Convert.ToInt32(after, 8), _home.Home.ConfigFile);
    }

    [Fact]
    public async Task Write_Link_ChangesWhatItLeadsTo()
    {
        _home.Write("elsewhere/real.yaml", "model: m\n");
        File.CreateSymbolicLink(_home.Home.ConfigFile, "elsewhere/real.yaml");

        await _writer.WriteAsync(new ConfigChange { Model = "new" });

        Assert.Equal("elsewhere/real.yaml", new FileInfo(_home.Home.ConfigFile).LinkTarget);
        Assert.Equal("model: new\n", await File.ReadAllTextAsync(Path.Join(_home.Path, "elsewhere/real.yaml")));
    }

    [Fact]
    public async Task Write_LinkToNothing_IsRefusedAndStays()
    {
        File.CreateSymbolicLink(_home.Home.ConfigFile, "elsewhere.yaml");

        await Assert.ThrowsAsync<ConfigConflictException>(() => _writer.WriteAsync(new ConfigChange { Model = "new" }));

        Assert.Equal("elsewhere.yaml", new FileInfo(_home.Home.ConfigFile).LinkTarget);
        Assert.False(File.Exists(Path.Join(_home.Path, "elsewhere.yaml")));
    }

    [Fact]
    public async Task Write_WhatStandsThere_LeavesTheFileAlone()
    {
        _home.Write("config.yaml", "model: m\n");
        var written = File.GetLastWriteTimeUtc(_home.Home.ConfigFile);

        await _writer.WriteAsync(new ConfigChange { Model = "m" });

        Assert.Equal(written, File.GetLastWriteTimeUtc(_home.Home.ConfigFile));
    }

    [Fact]
    public async Task Write_AnyChange_LeavesNoOtherFile()
    {
        await _writer.WriteAsync(new ConfigChange { Model = "m" });
        await Assert.ThrowsAsync<ConfigValueException>(() => _writer.WriteAsync(new ConfigChange { Model = "" }));

        Assert.Equal([_home.Home.ConfigFile], Directory.GetFileSystemEntries(_home.Path));
    }

    [Theory]
    [InlineData("model: [s3cr3t\n", "config.yaml cannot be changed: it cannot be read (line 2, column 1)")]
    [InlineData("- s3cr3t\n", "config.yaml cannot be changed: it cannot be read (it is not a mapping of keys to values)")]
    public async Task Write_BrokenFile_IsRefusedAndLeavesIt(string text, string message)
    {
        _home.Write("config.yaml", text);

        var exception = await Assert.ThrowsAsync<ConfigConflictException>(() => _writer.WriteAsync(new ConfigChange { Model = "m" }));

        Assert.Equal(message, exception.Message);
        Assert.Equal(text, await File.ReadAllTextAsync(_home.Home.ConfigFile));
    }

    [Fact]
    public async Task Write_HomeWhoseNameIsAFile_SaysSo()
    {
        Directory.Delete(_home.Path);
        await File.WriteAllTextAsync(_home.Path, "");

        try
        {
            var exception = await Assert.ThrowsAsync<ConfigConflictException>(() => _writer.WriteAsync(new ConfigChange { Model = "m" }));

            Assert.Contains("no folder but a file", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_home.Path, exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(_home.Path);
            Directory.CreateDirectory(_home.Path);
        }
    }

    [Fact]
    public async Task Write_BetweenChangesOfPython_KeepsThem()
    {
        _home.Write("config.yaml", "model: m\ncount: 0\n");
        for (var number = 1; number <= 5; number++)
        {
            await _writer.WriteAsync(new ConfigChange { Model = $"m{number}" });
            await PythonScript.RunAsync(
                """
                import re, sys
                text = open(sys.argv[1]).read()
                open(sys.argv[1], "w").write(re.sub(r"count: \d+", "count: " + sys.argv[2], text))
                """,
                _home.Home.ConfigFile,
                $"{number}");
        }

        Assert.Equal("model: m5\ncount: 5\n", await File.ReadAllTextAsync(_home.Home.ConfigFile));
    }

    [Fact]
    public async Task Write_ManyAtOnce_KeepsEachKeysLastValue()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => _writer.WriteAsync(
            number % 2 == 0 ? new ConfigChange { Model = "m" } : new ConfigChange { Provider = "p" }))));

        var now = ProviderChoice.Of(ConfigFile.Parse(await File.ReadAllTextAsync(_home.Home.ConfigFile))).Effective;
        Assert.Equal(("m", "p"), (now.Model, now.Provider));
    }

    // As users write it: comments, quotes, variables, anchors, keys that nobody here knows.
    private static string[] LongConfig()
    {
        var lines = new List<string>
        {
            "# The configuration of my agent", "", "model:", "  # what answers", "  default: \"old/model-1\"   # the large one", "  provider: openrouter",
            "  base_url: 'https://old.example/v1'", "  context_length: 8192", "", "shared: &shared {retries: 3, \"quoted\": yes}",
        };
        for (var number = 0; lines.Count < 396; number++)
        {
            lines.AddRange([
                $"section_{number}: # number {number}", "    <<: *shared", $"    text: '{{{number}}} it''s \"quoted\"'  ", "    list: [a,   b,", "        c]", "    block: |",
                "      default: not a key", "      model: not a key either", "", "    on: off # not a comment: #hash",
            ]);
        }

        lines.AddRange(["tail: ${TAIL}", "# the end", ""]);
        return [.. lines];
    }

    private static void AssertMode(UnixFileMode mode, string path)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    private void SetMode(string mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_home.Home.ConfigFile, (UnixFileMode)Convert.ToInt32(mode, 8));
    }
}
