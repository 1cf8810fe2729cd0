using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using System.Text;
using Hermes.Core.Configuration;
using Hermes.Core.Skills;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Skills;

public sealed class SkillCatalogTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task List_EmptyHome_IsEmptyAndCreatesNothing()
    {
        Assert.Empty(await Catalog().ListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Fact]
    public async Task List_FileInPlaceOfFolder_HasNone()
    {
        _home.Write("skills", "a file");

        Assert.Empty(await Catalog().ListAsync());
    }

    [LinuxTheory]
    [InlineData("pipe", "is a pipe or a device;")]
    [InlineData("dangling", "is a link that leads nowhere;")]
    [InlineData("circle", "is a link that leads nowhere;")]
    [InlineData("link to pipe", "is a pipe or a device;")]
    public async Task List_WhatIsNoFolderInPlaceOfOne_IsRefusedUntilItIsOne(string what, string reason)
    {
        IrregularFile.Create(_home.Home.SkillsFolder, what);
        using var catalog = Catalog();

        for (var time = 0; time < 2; time++)
            Assert.Contains(reason, (await Assert.ThrowsAsync<SkillsUnavailableException>(() => catalog.ListAsync())).Message, StringComparison.Ordinal);

        File.Delete(_home.Home.SkillsFolder);
        _home.Write("skills/a/SKILL.md", "---\nname: a\n---\n");
        Assert.Single(await catalog.ListAsync());
    }

    [Fact]
    public async Task List_FullFrontMatter_GivesEveryValue()
    {
        const string Text = """
            ---
            name: compose
            description: Compose stacks
            author: Ada
            tags: [docker, 2]
            triggers: "up, down"
            category: containers
            metadata: {hermes: {tags: [docker, DevOps]}}
            ---
            Body
            """;
        _home.Write("skills/devops/docker/SKILL.md", Text);

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal("compose", skill.Name);
        Assert.Equal("Compose stacks", skill.Description);
        Assert.Equal("Ada", skill.Author);
        Assert.Equal(["docker", "2", "DevOps"], skill.Tags);
        Assert.Equal(["up", "down"], skill.Triggers);
        Assert.Equal("containers", skill.Category);
        Assert.True(skill.Enabled);
        Assert.Equal("skills/devops/docker/SKILL.md", skill.SourcePath);
        Assert.Equal(Text, skill.Content);
        Assert.Null(skill.Problem);
    }

    [Theory]
    [InlineData("Just markdown")]
    [InlineData("")]
    [InlineData("---\n---\n")]
    [InlineData("---\nname:\ndescription:\nauthor: null\ntags:\ntriggers:\ncategory:\nplatforms:\nmetadata:\n---\n")]
    [InlineData("---\nname: '  '\n---\n")]
    public async Task List_NothingSaid_GivesFolderNameAndEmptyValues(string text)
    {
        _home.Write("skills/misc/quiet/SKILL.md", text);

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal(("quiet", "", "", "misc", true), (skill.Name, skill.Description, skill.Author, skill.Category, skill.Enabled));
        Assert.Empty(skill.Tags);
        Assert.Empty(skill.Triggers);
        Assert.Null(skill.Problem);
    }

    [Theory]
    [InlineData("---\nname: open\n")]
    [InlineData("---\n- a\n---\n")]
    [InlineData("---\nname: {a: b}\n---\n")]
    public async Task List_BrokenFrontMatter_IsShownWithFolderNameAndProblem(string text)
    {
        _home.Write("skills/misc/broken/SKILL.md", text).Write("skills/misc/whole/SKILL.md", "");

        var skills = await Catalog().ListAsync();

        Assert.Equal(["broken", "whole"], skills.Select(skill => skill.Name));
        Assert.NotEmpty(skills[0].Problem!);
        Assert.Equal(text, skills[0].Content);
    }

    [Theory]
    [InlineData("&a [x, x, x, x, x, x, x, x, x, x]", "[*{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}]", 9)]
    [InlineData("&a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "[*{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}]", 9)]
    public async Task List_AliasesThatMultiply_AreAProblemOfThatSkillAlone(string first, string next, int levels)
    {
        var lines = Enumerable.Range(0, levels).Select(level => $"{(char)('b' + level)}: &{(char)('b' + level)} {string.Format(System.Globalization.CultureInfo.InvariantCulture, next, (char)('a' + level))}");
        var text = $"---\na: {first}\n{string.Join('\n', lines)}\ntags: *{(char)('a' + levels)}\n---\nBody\n";
        _home.Write("skills/bomb/SKILL.md", text).Write("skills/whole/SKILL.md", "");

        var skills = await Catalog().ListAsync();

        Assert.Equal(["bomb", "whole"], skills.Select(skill => skill.Name));
        Assert.Equal((text, true, 0), (skills[0].Content, skills[0].Problem is not null, skills[0].Triggers.Count));
    }

    [Fact]
    public async Task List_BytesThatAreNotUtf8_AreShownWithAProblem()
    {
        _home.Write("skills/latin/SKILL.md", "");
        File.WriteAllBytes(Skills("latin/SKILL.md"), Encoding.Latin1.GetBytes("---\nname: latin\ndescription: café\n---\n"));

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal(("latin", "caf\uFFFD"), (skill.Name, skill.Description));
        Assert.Contains("UTF-8", skill.Problem);
    }

    [Fact]
    public async Task List_WindowsLineEnds_AreRead()
    {
        _home.Write("skills/crlf/SKILL.md", "\uFEFF---\r\nname: crlf-skill\r\n---\r\nBody\r\n");

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal(("crlf-skill", "\uFEFF---\nname: crlf-skill\n---\nBody\n"), (skill.Name, skill.Content));
    }

    [Fact]
    public async Task List_HugeFile_IsCutWithAProblem()
    {
        _home.Write("skills/huge/SKILL.md", "---\nname: huge\n---\n" + new string('é', 1024 * 1024));

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal("huge", skill.Name);
        Assert.InRange(Encoding.UTF8.GetByteCount(skill.Content), (1024 * 1024) - 1, 1024 * 1024);
        Assert.Contains("1 MB", skill.Problem);
    }

    [Fact]
    public async Task List_FileThatCannotBeOpened_IsShownWithAProblem()
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile(Skills("locked/SKILL.md"), new MockFileData("x") { AllowedFileShare = FileShare.None });
        fileSystem.AddFile(Skills("open/SKILL.md"), new MockFileData("x"));

        var skills = await new SkillCatalog(_home.Home, fileSystem).ListAsync();

        Assert.Equal(["locked", "open"], skills.Select(skill => skill.Name));
        Assert.NotNull(skills[0].Problem);
        Assert.DoesNotContain(_home.Path, skills[0].Problem);
        Assert.Null(skills[1].Problem);
    }

    [Fact]
    public async Task List_Pipe_IsNotWaitedFor()
    {
        Directory.CreateDirectory(Skills("pipe"));
        NamedPipe.Create(Skills("pipe/SKILL.md"));

        var skill = Assert.Single(await Catalog().ListAsync().WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal("", skill.Content);
        Assert.Contains("a pipe", skill.Problem);
    }

    [Fact]
    public async Task List_Files_AreSortedByPathInCodePointOrder()
    {
        string[] sorted =
        [
            ".hidden", "UPPER", "a b", "a-b", "a", "a/b", "é", "\uE000", "😀",
        ];
        foreach (var folder in sorted.Reverse())
            _home.Write($"skills/{folder}/SKILL.md", "");

        Assert.Equal(sorted.Select(folder => $"skills/{folder}/SKILL.md"), (await Catalog().ListAsync()).Select(skill => skill.SourcePath));
    }

    [Theory]
    [InlineData(".git")]
    [InlineData(".github")]
    [InlineData(".hub")]
    [InlineData(".archive")]
    [InlineData("venv")]
    [InlineData("a/node_modules")]
    [InlineData("a/b/__pycache__")]
    public async Task List_FoldersOfToolsAndCaches_AreNotEntered(string folder)
    {
        _home.Write($"skills/{folder}/x/SKILL.md", "");

        Assert.Empty(await Catalog().ListAsync());
    }

    [Theory]
    [InlineData("skill.md")]
    [InlineData("SKILL.md.bak")]
    [InlineData("SKILL.md/README.md")]
    public async Task List_OtherNames_AreNoSkills(string file)
    {
        _home.Write($"skills/x/{file}", "");

        Assert.Empty(await Catalog().ListAsync());
    }

    [Fact]
    public async Task List_FileInTheSkillsFolderItself_HasNoCategory()
    {
        _home.Write("skills/SKILL.md", "plain");

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal(("skills", "", "skills/SKILL.md"), (skill.Name, skill.Category, skill.SourcePath));
    }

    [Fact]
    public async Task List_LinksToFolders_AreFollowedButForTheHomeAndEachFolderOnce()
    {
        _home.Write("skills/real/SKILL.md", "").Write("elsewhere/other/SKILL.md", "");
        Directory.CreateSymbolicLink(Skills("loop"), "..");
        Directory.CreateSymbolicLink(Skills("real/self"), ".");
        Directory.CreateSymbolicLink(Skills("above"), Path.GetDirectoryName(_home.Path)!);
        Directory.CreateSymbolicLink(Skills("a"), "../elsewhere");
        Directory.CreateSymbolicLink(Skills("again"), "../elsewhere/other");
        Directory.CreateSymbolicLink(Skills("before real"), "real");

        Assert.Equal(["skills/a/other/SKILL.md", "skills/real/SKILL.md"], (await Catalog().ListAsync()).Select(skill => skill.SourcePath));
    }

    [Fact]
    public async Task List_SkillsFolderThatIsALink_IsEntered()
    {
        _home.Write("elsewhere/other/SKILL.md", "");
        Directory.CreateSymbolicLink(_home.Home.SkillsFolder, "elsewhere");

        Assert.Equal("skills/other/SKILL.md", Assert.Single(await Catalog().ListAsync()).SourcePath);
    }

    [Fact]
    public async Task List_LinkToFile_IsReadAndItsTargetWatched()
    {
        _home.Write("elsewhere/SKILL.md", "---\nname: one\n---\n");
        Directory.CreateDirectory(Skills("linked"));
        File.CreateSymbolicLink(Skills("linked/SKILL.md"), "../../elsewhere/SKILL.md");
        var catalog = Catalog();
        Assert.Equal("one", Assert.Single(await catalog.ListAsync()).Name);

        _home.Write("elsewhere/SKILL.md", "---\nname: another\n---\n");

        Assert.Equal("another", Assert.Single(await catalog.ListAsync()).Name);
    }

    [Theory]
    [InlineData("nowhere.md")]
    [InlineData("SKILL.md")]
    [InlineData("..")]
    public async Task List_LinkThatLeadsToNoFile_IsIgnored(string target)
    {
        Directory.CreateDirectory(Skills("dangling"));
        File.CreateSymbolicLink(Skills("dangling/SKILL.md"), target);

        Assert.Empty(await Catalog().ListAsync());
    }

    [LinuxTheory]
    [InlineData("../../.env")]
    [InlineData("../../other.md")]
    [InlineData("step/SKILL.md")]
    public async Task List_LinkThatLeadsToAFileOfAnotherName_IsNoSkill(string target)
    {
        _home.Write(".env", "KEY=secret").Write("other.md", "secret");
        Directory.CreateDirectory(Skills("a/step"));
        File.CreateSymbolicLink(Skills("a/step/SKILL.md"), "../../../.env");
        File.CreateSymbolicLink(Skills("a/SKILL.md"), target);

        Assert.Empty(await Catalog().ListAsync());
    }

    [LinuxFact]
    public async Task List_LinkThatIsTurnedToTheEnvFile_IsNoSkillAnyMore()
    {
        _home.Write(".env", "same").Write("elsewhere/SKILL.md", "same").Write("skills/b/SKILL.md", "");
        Directory.CreateDirectory(Skills("a"));
        File.CreateSymbolicLink(Skills("a/SKILL.md"), "../../elsewhere/SKILL.md");
        SetTimes(LongAgo);
        var catalog = Catalog();
        Assert.Equal(["a", "b"], (await catalog.ListAsync()).Select(skill => skill.Name));

        File.Delete(Skills("a/SKILL.md"));
        File.CreateSymbolicLink(Skills("a/SKILL.md"), "../../.env");

        Assert.Equal(["b"], (await catalog.ListAsync()).Select(skill => skill.Name));
    }

    [LinuxFact]
    public async Task List_HardLinkToTheEnvFile_IsNoSkill()
    {
        _home.Write(".env", "KEY=secret");
        Directory.CreateDirectory(Skills("a"));
        await PythonScript.RunAsync("import os, sys; os.link(sys.argv[1], sys.argv[2])", _home.Home.EnvironmentFile, Skills("a/SKILL.md"));

        Assert.Empty(await Catalog().ListAsync());
    }

    [Fact]
    public async Task List_FoldersDeeperThanTwentyLevels_AreLeftOut()
    {
        var folder = "skills";
        for (var level = 1; level <= 21; level++)
        {
            folder += $"/{level}";
            if (level >= 20)
                _home.Write($"{folder}/SKILL.md", "");
        }

        Assert.Equal("20", Assert.Single(await Catalog().ListAsync()).Name);
    }

    [Fact]
    public async Task List_FoldersOfASkill_HaveNoneOfTheirOwn()
    {
        _home.Write("skills/a/SKILL.md", "").Write("skills/a/references/b/SKILL.md", "").Write("skills/a/scripts/SKILL.md", "")
            .Write("skills/a/more/c/SKILL.md", "").Write("skills/assets/d/SKILL.md", "");

        Assert.Equal(["a", "c", "d"], (await Catalog().ListAsync()).Select(skill => skill.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_FrontMatterThatIsNoYaml_GivesWhatItsLinesSayAndAProblem()
    {
        _home.Write("config.yaml", "skills: {disabled: [odd]}")
            .Write("skills/x/a/SKILL.md", "---\nname: odd\ndescription: Use when: it rains\ntags: [a, \"b c\"]\n---\n");

        var skill = Assert.Single(await Catalog().ListAsync());

        Assert.Equal(("odd", "Use when: it rains", "x", false), (skill.Name, skill.Description, skill.Category, skill.Enabled));
        Assert.Equal(["a", "b c"], skill.Tags);
        Assert.Contains("cannot be read", skill.Problem);
    }

    [Fact]
    public async Task List_DisabledForThisPlatform_IsNotEnabled()
    {
        _home.Write("config.yaml", "skills: {platform_disabled: {api_server: [a], telegram: [b]}}")
            .Write("skills/a/SKILL.md", "").Write("skills/b/SKILL.md", "");

        Assert.Equal([false, true], (await Catalog().ListAsync()).Select(skill => skill.Enabled));
    }

    [Fact]
    public async Task Find_ByFolderAndCategory_TellsTwoOfOneNameApart()
    {
        _home.Write("skills/one/a/SKILL.md", "---\nname: same\n---\n").Write("skills/two/b/SKILL.md", "---\nname: same\n---\n")
            .Write("skills/three/c/SKILL.md", "---\nname: b\n---\n");
        var catalog = Catalog();
        string[] names = ["same", "two/same", "a", "two/b", "b"];

        Assert.Equal(
            ["one/a", "two/b", "one/a", "two/b", "three/c"],
            (await Task.WhenAll(names.Select(name => catalog.FindAsync(name)))).Select(skill => skill!.RelativeFolder));
        Assert.Null(await catalog.FindAsync("two"));
    }

    [Fact]
    public async Task List_ManyCallersAtOnce_ShareWalksAndSeeWhatWasWrittenBefore()
    {
        var catalog = Catalog();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(number => Task.Run(async () =>
        {
            _home.Write($"skills/s{number}/SKILL.md", "");
            Assert.Contains(await catalog.ListAsync(), skill => skill.Name == $"s{number}");
        }))).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task ListAsync_Cancelled_StopsWaiting() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog().ListAsync(new CancellationToken(canceled: true)));

    [Fact]
    public async Task List_PlatformsAndDisabledNames_DecideWhatIsEnabled()
    {
        _home.Write("config.yaml", "skills: {disabled: [off, 12]}")
            .Write("skills/a/SKILL.md", "---\nname: 'off'\n---\n")
            .Write("skills/b/SKILL.md", "---\nname: 12\n---\n")
            .Write("skills/c/SKILL.md", "---\nplatforms: [amiga]\n---\n")
            .Write("skills/d/SKILL.md", "---\nplatforms: [linux, macos, windows]\n---\n")
            .Write("skills/e/SKILL.md", "---\nplatforms: []\n---\n");

        Assert.Equal([true, false, false, true, true], (await Catalog().ListAsync()).Select(skill => skill.Enabled));
    }

    [Fact]
    public async Task List_ExternalFolders_ComeBehindTheHomesInTheirOrder()
    {
        using var other = new TemporaryHome();
        other.Write("z/SKILL.md", "");
        _home.Write("skills/own/SKILL.md", "")
            .Write("more skills/a/SKILL.md", "")
            .Write("config.yaml", $"""
                skills:
                  external_dirs:
                    - {other.Path}
                    - more skills
                    - {_home.Path}/skills
                    - {other.Path}/../{Path.GetFileName(other.Path)}/
                    - ""
                    - ~
                    - /does/not/exist
                    - $HERMES_TEST_UNSET/x
                """);

        Assert.Equal(
            ["skills/own/SKILL.md", $"{other.Path}/z/SKILL.md", "more skills/a/SKILL.md"],
            (await Catalog().ListAsync()).Select(skill => skill.SourcePath));
    }

    [Fact]
    public async Task List_ExternalFoldersOneLinkedOneInsideTheOther_GiveEachSkillOnce()
    {
        _home.Write("shared/a/b/SKILL.md", "").Write("config.yaml", "skills: {external_dirs: [shared, shared/a, link, link/a]}");
        Directory.CreateSymbolicLink(Path.Join(_home.Path, "link"), "shared");

        Assert.Equal("shared/a/b/SKILL.md", Assert.Single(await Catalog().ListAsync()).SourcePath);
    }

    [Theory]
    [InlineData("$HOME", "")]
    [InlineData("${HOME}", "")]
    [InlineData("~", "")]
    public void Find_VariablesAndTilde_AreExpanded(string written, string below)
    {
        var roots = Roots($"{written}/hermes-test{below}");

        var expected = Roots(Path.Join(Environment.GetEnvironmentVariable("HOME"), "hermes-test"));
        Assert.Equal(expected, roots);
    }

    [Fact]
    public async Task List_ConfigThatCannotBeRead_SaysNothingAboutSkills()
    {
        _home.Write("config.yaml", "skills: [a\n").Write("skills/a/SKILL.md", "");

        Assert.True(Assert.Single(await Catalog().ListAsync()).Enabled);
    }

    [Fact]
    public async Task List_ConfigChanged_IsSeen()
    {
        _home.Write("skills/a/SKILL.md", "").Write("shared/b/SKILL.md", "");
        var catalog = Catalog();
        Assert.True(Assert.Single(await catalog.ListAsync()).Enabled);

        _home.Write("config.yaml", "skills: {disabled: a, external_dirs: shared}");

        Assert.Equal([("a", false), ("b", true)], (await catalog.ListAsync()).Select(skill => (skill.Name, skill.Enabled)));
    }

    [Fact]
    public async Task List_NothingChanged_GivesTheSameList()
    {
        _home.Write("skills/fresh/SKILL.md", "").Write("skills/old/SKILL.md", "");
        File.SetLastWriteTimeUtc(Skills("old/SKILL.md"), LongAgo);
        var catalog = Catalog();

        Assert.Same(await catalog.ListAsync(), await catalog.ListAsync());
    }

    [Fact]
    public async Task List_SameLengthWrittenAtOnce_IsSeen()
    {
        var catalog = Catalog();
        for (var round = 0; round < 10; round++)
        {
            _home.Write("skills/a/SKILL.md", $"round {round}");
            Assert.Equal($"round {round}", Assert.Single(await catalog.ListAsync()).Content);
        }
    }

    [Fact]
    public async Task List_OneFileChanged_KeepsTheOtherSkills()
    {
        _home.Write("skills/a/SKILL.md", "one").Write("skills/b/SKILL.md", "one");
        SetTimes(LongAgo);
        var catalog = Catalog();
        var before = await catalog.ListAsync();

        _home.Write("skills/b/SKILL.md", "another");
        var after = await catalog.ListAsync();

        Assert.Same(before[0], after[0]);
        Assert.Equal("one", before[1].Content);
        Assert.Equal("another", after[1].Content);
    }

    [Fact]
    public async Task List_SkillsComeAndGo_AreSeen()
    {
        _home.Write("skills/x/a/SKILL.md", "");
        SetTimes(LongAgo);
        var catalog = Catalog();
        Assert.Equal(["a"], (await catalog.ListAsync()).Select(skill => skill.Name));

        _home.Write("skills/x/b/SKILL.md", "");
        Assert.Equal(["a", "b"], (await catalog.ListAsync()).Select(skill => skill.Name));

        File.Delete(Skills("x/a/SKILL.md"));
        Assert.Equal(["b"], (await catalog.ListAsync()).Select(skill => skill.Name));

        Directory.Delete(_home.Home.SkillsFolder, recursive: true);
        Assert.Empty(await catalog.ListAsync());

        _home.Write("skills/x/c/SKILL.md", "");
        Assert.Equal(["c"], (await catalog.ListAsync()).Select(skill => skill.Name));
    }

    [Fact]
    public async Task List_FileMovedInWithTheSameTimeAndLength_IsSeen()
    {
        _home.Write("skills/x/SKILL.md", "one").Write("new/SKILL.md", "two");
        SetTimes(LongAgo);
        var catalog = Catalog();
        await catalog.ListAsync();

        File.Move(Path.Join(_home.Path, "new/SKILL.md"), Skills("x/SKILL.md"), overwrite: true);

        Assert.Equal("two", Assert.Single(await catalog.ListAsync()).Content);
    }

    [Theory]
    [InlineData("skills/x")]
    [InlineData("skills")]
    public async Task List_FolderMovedInWithTheSameTimes_IsSeen(string folder)
    {
        _home.Write("skills/x/y/SKILL.md", "one").Write("new/y/SKILL.md", "two");
        SetTimes(LongAgo);
        var catalog = Catalog();
        await catalog.ListAsync();

        Directory.Move(Path.Join(_home.Path, folder), Path.Join(_home.Path, "old"));
        Directory.Move(Path.Join(_home.Path, "new"), Path.Join(_home.Path, folder));

        Assert.Equal("two", Assert.Single(await catalog.ListAsync()).Content);
    }

    [Fact]
    public async Task List_SkillsFolderThatGoesAndComesBack_IsSeen()
    {
        _home.Write("skills/x/y/SKILL.md", "one");
        SetTimes(LongAgo);
        var catalog = Catalog();
        await catalog.ListAsync();

        Directory.Move(_home.Home.SkillsFolder, Path.Join(_home.Path, "away"));
        Assert.Empty(await catalog.ListAsync());

        Directory.Move(Path.Join(_home.Path, "away"), _home.Home.SkillsFolder);
        Assert.Equal("one", Assert.Single(await catalog.ListAsync()).Content);
        _home.Write("skills/x/y/SKILL.md", "two");
        Assert.Equal("two", Assert.Single(await catalog.ListAsync()).Content);
    }

    // A folder whose status stays is not listed again.
    [Theory]
    [InlineData("written")]
    [InlineData("written again")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    [InlineData("folder deleted")]
    [InlineData("folder renamed")]
    [InlineData("skill beside")]
    [InlineData("skill below")]
    [InlineData("linked file written")]
    [InlineData("linked for a file and written")]
    [InlineData("skills folder replaced")]
    [InlineData("outside")]
    public async Task List_ChangeAfterManyWalks_IsSeenAtOnce(string change)
    {
        using var outside = new TemporaryHome();
        outside.Write("other/SKILL.md", "Other.");
        outside.Write("target/SKILL.md", "Target.");
        _home.Write("config.yaml", $"skills:\n  external_dirs: [{outside.Path}]\n");
        _home.Write("skills/tools/a/SKILL.md", "First.");
        _home.Write("skills/tools/b/SKILL.md", "Second.");
        if (change == "linked file written")
        {
            Directory.CreateDirectory(Skills("tools/c"));
            File.CreateSymbolicLink(Skills("tools/c/SKILL.md"), Path.Join(outside.Path, "target/SKILL.md"));
        }

        var catalog = Catalog();
        for (var i = 0; i < 5; i++)
            await catalog.ListAsync();

        var before = await TextsAsync(catalog);
        await ChangeAsync(change, outside);

        Assert.NotEqual(before, await TextsAsync(catalog));
        Assert.Equal(await TextsAsync(Catalog()), await TextsAsync(catalog));
    }

    [Fact]
    public async Task List_FolderBecomesALink_IsFollowed()
    {
        _home.Write("skills/x/SKILL.md", "");
        SetTimes(LongAgo);
        var catalog = Catalog();
        await catalog.ListAsync();

        Directory.Move(Skills("x"), Path.Join(_home.Path, "moved"));
        Directory.CreateSymbolicLink(Skills("x"), "../moved");
        _home.Write("moved/SKILL.md", "moved");

        Assert.Equal("moved", Assert.Single(await catalog.ListAsync()).Content);
    }

    [Fact]
    public async Task List_ManyThreadsWhileFilesChange_AlwaysGivesAWholeList()
    {
        for (var index = 0; index < 20; index++)
            _home.Write($"skills/s{index:D2}/SKILL.md", "first");

        var catalog = Catalog();
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var round = 0; round < 20; round++)
                Assert.Equal(20, (await catalog.ListAsync()).Count);
        }));
        var writer = Task.Run(() =>
        {
            for (var index = 0; index < 20; index++)
                File.WriteAllText(Skills($"s{index:D2}/SKILL.md"), "second");
        });

        await Task.WhenAll([.. readers, writer]);

        Assert.All(await catalog.ListAsync(), skill => Assert.Equal("second", skill.Content));
    }

    [Fact]
    public async Task Find_NameInHomeAndOutside_GivesTheHomes()
    {
        _home.Write("skills/a/SKILL.md", "---\nname: docker\n---\n")
            .Write("shared/b/SKILL.md", "---\nname: docker\n---\n")
            .Write("config.yaml", "skills: {external_dirs: [shared]}");
        var catalog = Catalog();

        Assert.Equal(2, (await catalog.ListAsync()).Count);
        Assert.Equal("skills/a/SKILL.md", (await catalog.FindAsync("docker"))!.SourcePath);
        Assert.Equal(Skills("a"), (await catalog.FindAsync("docker"))!.FolderPath);
        Assert.Null(await catalog.FindAsync("Docker"));
    }

    [Fact]
    public async Task List_64ThreadsAtOnce_AllEnd()
    {
        for (var number = 0; number < 300; number++)
            _home.Write($"skills/c{number % 10}/s{number}/SKILL.md", new string('x', 3_000));

        using var catalog = Catalog();
        var config = new SafeConfig(_home.Home, new FileSystem());
        _home.Write("config.yaml", "model: a");

        // Threads of their own, so that none of the pool waits for one that is to come from it.
        var lists = new IReadOnlyList<Skill>[64];
        var threads = Enumerable.Range(0, lists.Length).Select(index => Task.Factory.StartNew(
            () =>
            {
                Assert.Equal("a", config.ReadEffectiveModel().Model);
                lists[index] = catalog.ListAsync().GetAwaiter().GetResult();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(lists, list => Assert.Equal(300, list.Count));
    }

    [Fact]
    public async Task List_AfterDisposal_IsRefused()
    {
        var catalog = Catalog();
        catalog.Dispose();
        catalog.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => catalog.ListAsync());
    }

    private static async Task<List<(string Path, string Text)>> TextsAsync(SkillCatalog catalog) =>
        [.. (await catalog.ListAsync()).Select(skill => (skill.SourcePath, skill.Content))];

    private async Task ChangeAsync(string change, TemporaryHome outside)
    {
        switch (change)
        {
            case "written":
                _home.Write("skills/tools/a/SKILL.md", "FIRST.");
                break;
            case "written again":
                _home.Write("skills/tools/a/SKILL.md", "Meanwhile.");
                Assert.Contains("Meanwhile.", (await Catalog().ListAsync())[0].Content, StringComparison.Ordinal);
                _home.Write("skills/tools/a/SKILL.md", "FIRST.");
                break;
            case "replaced":
                _home.Write("skills/tools/a/new", "FIRST.");
                File.Move(Skills("tools/a/new"), Skills("tools/a/SKILL.md"), overwrite: true);
                break;
            case "deleted":
                File.Delete(Skills("tools/a/SKILL.md"));
                break;
            case "folder deleted":
                Directory.Delete(Skills("tools/a"), recursive: true);
                break;
            case "folder renamed":
                Directory.Move(Skills("tools"), Skills("renamed"));
                break;
            case "skill beside":
                _home.Write("skills/tools/c/SKILL.md", "Third.");
                break;
            case "skill below":
                _home.Write("skills/tools/a/below/far/SKILL.md", "Third.");
                break;
            case "linked file written":
                outside.Write("target/SKILL.md", "TARGET.");
                break;
            case "linked for a file and written":
                File.Delete(Skills("tools/a/SKILL.md"));
                File.CreateSymbolicLink(Skills("tools/a/SKILL.md"), Path.Join(outside.Path, "target/SKILL.md"));
                break;
            case "skills folder replaced":
                Directory.Move(_home.Home.SkillsFolder, _home.Home.SkillsFolder + "-before");
                _home.Write("skills/tools/a/SKILL.md", "FIRST.");
                break;
            case "outside":
                outside.Write("other/SKILL.md", "OTHER.");
                break;
            default:
                throw new ArgumentException("An unknown change.", nameof(change));
        }
    }

    private IReadOnlyList<(string Path, string SourcePath)> Roots(string externalFolder) =>
        SkillWalk.FindRoots(_home.Home, new FileSystem(), [externalFolder]);

    private SkillCatalog Catalog() => new(_home.Home, new FileSystem());

    private string Skills(string path) => Path.Join(_home.Home.SkillsFolder, path);

    // Times that are not fresh are trusted; a tool that unpacks an archive sets them so.
    private void SetTimes(DateTime time)
    {
        foreach (var entry in new DirectoryInfo(_home.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
            entry.LastWriteTimeUtc = time;
    }
}
