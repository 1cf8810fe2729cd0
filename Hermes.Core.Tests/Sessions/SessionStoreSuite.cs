using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions;

/// <summary>What every session store does. A store's tests derive from this and say how an empty one is made.</summary>
public abstract class SessionStoreSuite : IDisposable
{
    private readonly AdjustableTime _time = new();
    private SessionStore? _store;

    protected SessionStore Store => _store ??= CreateEmpty(_time);

    [Fact]
    public async Task ListAsync_EmptyStore_IsEmpty()
    {
        var page = await Store.ListAsync(new SessionQuery());

        Assert.Empty(page.Items);
        Assert.Equal(0, page.Total);
        Assert.False(page.HasMore);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task EmptyStore_AnySession_IsUnknown()
    {
        Assert.Null(await Store.FindAsync("x"));
        Assert.Empty(await ReadAsync("x"));
        Assert.Null(await Store.RenameAsync("x", "t"));
        Assert.Null(await Store.EndAsync("x", "r"));
        Assert.False(await Store.DeleteAsync("x"));
        Assert.Null(await Store.UpdateAsync("x", new SessionChange { Title = "t" }));
        Assert.Null(await Store.ForkAsync("x"));
        Assert.Empty((await Store.SearchAsync(new SearchQuery { Text = "x" })).Items);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => Store.AppendAsync("x", [User("hi")]));
    }

    [Fact]
    public async Task CreateAsync_Nothing_GivesAFreshSession()
    {
        var session = await Store.CreateAsync(new NewSession());

        Assert.True(Guid.TryParse(session.Id, out var id));
        Assert.Equal(4, id.Version);
        Assert.Equal("api_server", session.Source);
        Assert.Null(session.Title);
        Assert.Null(session.Model);
        Assert.Equal(_time.Now, session.StartedAt);
        Assert.Equal(_time.Now, session.LastActive);
        Assert.Equal("", session.Preview);
        Assert.Equal(session, await Store.FindAsync(session.Id));
    }

    [Fact]
    public async Task CreateAsync_Everything_IsStored()
    {
        var session = await Store.CreateAsync(new NewSession
        {
            Id = " mine ",
            Title = " My  title ",
            Model = "m/1",
            Source = "cli",
            SystemPrompt = "Be kind.",
        });

        Assert.Equal(("mine", "My title", "m/1", "cli"), (session.Id, session.Title, session.Model, session.Source));
        Assert.Equal("Be kind.", session.SystemPrompt);
        Assert.Equal("Be kind.", (await Store.FindAsync("mine"))!.SystemPrompt);
    }

    [Fact]
    public async Task CreateAsync_IdThatExists_GivesItUnchanged()
    {
        var first = await Store.CreateAsync(new NewSession { Id = "a", Title = "One" });

        var second = await Store.CreateAsync(new NewSession { Id = "a", Title = "Two", Model = "m", Source = "cli" });

        Assert.Equal(first, second);
        Assert.Equal(1, (await Store.ListAsync(new SessionQuery())).Total);
    }

    [Fact]
    public async Task CreateAsync_TakenTitle_CreatesNothing()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "Taken" });

        var error = await Assert.ThrowsAsync<SessionValidationException>(
            () => Store.CreateAsync(new NewSession { Id = "b", Title = " Taken" }));

        Assert.Equal("Title 'Taken' is already in use by session a", error.Message);
        Assert.Null(await Store.FindAsync("b"));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task CreateAsync_UnusableId_IsRefused(string id) =>
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.CreateAsync(new NewSession { Id = id }));

    [Fact]
    public async Task RenameAsync_Titles_FollowTheRules()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "Taken" });
        await Store.CreateAsync(new NewSession { Id = "bcd" });

        Assert.Equal("T #2", (await Store.RenameAsync("bcd", " T  #2 "))!.Title);
        Assert.Equal("T #2", (await Store.RenameAsync("bcd", "T #2"))!.Title);
        Assert.Equal("taken", (await Store.RenameAsync("bcd", "taken"))!.Title);
        Assert.Null((await Store.RenameAsync("bcd", "\u200b"))!.Title);
        Assert.Null(await Store.RenameAsync("bc", "By prefix"));
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.RenameAsync("bcd", "Taken"));
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.RenameAsync("bcd", new string('x', 101)));
    }

    [Fact]
    public async Task EndAsync_Twice_KeepsTheFirstEnd()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        var first = await Store.EndAsync("a", "user_exit");
        _time.Now += TimeSpan.FromHours(1);

        var second = await Store.EndAsync("a", "timeout");

        Assert.Equal(("user_exit", first!.EndedAt), (second!.EndReason, second.EndedAt));
        Assert.Equal(_time.Now - TimeSpan.FromHours(1), second.EndedAt);
    }

    [Fact]
    public async Task UpdateAsync_SeveralThings_ChangesAllOrNothing()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "Taken" });
        await Store.CreateAsync(new NewSession { Id = "b" });

        var ended = await Store.UpdateAsync("b", new SessionChange { Title = " New  title ", EndReason = "done" });
        await Assert.ThrowsAsync<SessionValidationException>(
            () => Store.UpdateAsync("b", new SessionChange { EndReason = "", Title = "Taken" }));

        Assert.Equal(("New title", "done", _time.Now), (ended!.Title, ended.EndReason, ended.EndedAt));
        Assert.Equal(ended, await Store.FindAsync("b"));
        var open = await Store.UpdateAsync("b", new SessionChange { EndReason = "" });
        Assert.Equal(("New title", null, null), (open!.Title, open.EndReason, open.EndedAt));
        Assert.Null(await Store.UpdateAsync("x", new SessionChange { Title = "T" }));
    }

    [Fact]
    public async Task ForkAsync_Session_GoesItsOwnWay()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "T", Model = "m", Source = "cli" });
        await Store.AppendAsync("a", [User("one"), User("two")], new SessionUsage(3, 4));

        var branch = await Store.ForkAsync("a", new NewFork { Id = "b" });
        await Store.AppendAsync("b", [User("three")]);

        Assert.Equal(("b", "T #2", "m", "api_server", "a"), (branch!.Id, branch.Title, branch.Model, branch.Source, branch.ParentSessionId));
        Assert.Equal((2, 0, 0), (branch.MessageCount, branch.InputTokens, branch.OutputTokens));
        Assert.Equal(["one", "two"], (await ReadAsync("a")).Select(m => m.Content));
        Assert.Equal(["one", "two", "three"], (await ReadAsync("b")).Select(m => m.Content));
        Assert.Equal(2, (await Store.ListAsync(new SessionQuery())).Total);
        Assert.True(await Store.DeleteAsync("a"));
        Assert.Null((await Store.FindAsync("b"))!.ParentSessionId);
        Assert.Null(await Store.ForkAsync("a"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("T", "T #4")]
    [InlineData("T #2", "T #4")]
    [InlineData("T #3", "T #4")]
    [InlineData("Other #9", "Other #10")]
    [InlineData("C #", "C # #2")]
    [InlineData("#7", "#7 #2")]
    [InlineData("A 100% _sure_ thing", "A 100% _sure_ thing #2")]
    public async Task ForkAsync_Title_ContinuesTheLineage(string? title, string? next)
    {
        foreach (var other in (string[])["T", "T #2", "T #3", "T #x", "T #10x", "Tx #8", "t #9"])
            await Store.CreateAsync(new NewSession { Id = other, Title = other });

        var id = (await Store.ListAsync(new SessionQuery())).Items.FirstOrDefault(session => session.Title == title && title is not null)?.Id
            ?? (await Store.CreateAsync(new NewSession { Title = title })).Id;

        Assert.Equal(next, (await Store.ForkAsync(id))!.Title);
    }

    [Fact]
    public async Task ForkAsync_LongestTitle_StaysWithinTheLimit()
    {
        var title = string.Concat(Enumerable.Repeat("\U0001f600", 100));
        await Store.CreateAsync(new NewSession { Id = "a", Title = title });

        for (var number = 2; number <= 11; number++)
        {
            var branch = await Store.ForkAsync("a");
            Assert.InRange(branch!.Title!.EnumerateRunes().Count(), 99, 100);
            Assert.Contains(" #", branch.Title, StringComparison.Ordinal);
        }

        Assert.Equal(11, (await Store.ListAsync(new SessionQuery())).Items.Select(session => session.Title).Distinct().Count());
    }

    [Fact]
    public async Task ForkAsync_TakenIdOrTitle_CreatesNothing()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "T" });

        await Assert.ThrowsAsync<SessionValidationException>(() => Store.ForkAsync("a", new NewFork { Id = "a" }));
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.ForkAsync("a", new NewFork { Title = "T" }));

        Assert.Equal(1, (await Store.ListAsync(new SessionQuery())).Total);
        Assert.Null((await Store.ForkAsync("a", new NewFork { Title = "" }))!.Title);
    }

    [Fact]
    public async Task SearchAsync_Words_GivesWhereTheyAreSaidNewestFirst()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Source = "cli", Model = "m" });
        await Store.AppendAsync("a", [User("docker, docker, docker"), User("what of it"), User("docker among a good many other words that were said")]);

        var page = await Store.SearchAsync(new SearchQuery { Text = "Docker" });

        Assert.False(page.HasMore);
        Assert.Equal([">>>docker<<< among a good many other words that were said", ">>>docker<<<, >>>docker<<<, >>>docker<<<"], page.Items.Select(item => item.Snippet));
        Assert.True(page.IsComplete);
        var first = page.Items[1];
        Assert.Equal(("a", "user", "cli", "m", _time.Now), (first.SessionId, first.Role, first.Source, first.Model, first.SessionStarted));
        Assert.Equal([new SearchContext("user", "what of it")], first.Context);
        Assert.Empty((await Store.SearchAsync(new SearchQuery { Text = " " })).Items);
    }

    [Fact]
    public async Task AppendAsync_Messages_AreReadBackInOrder()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        using var calls = JsonDocument.Parse("""[{"id":"c1"},{"id":"c2"}]""");
        using var parts = JsonDocument.Parse("""[{"type":"text","text":"see"},{"type":"image_url"}]""");

        var ids = await Store.AppendAsync(
            "a",
            [
                new NewMessage { Role = "user", ContentParts = parts.RootElement },
                new NewMessage { Role = "assistant", ToolCalls = calls.RootElement, FinishReason = "tool_calls", Reasoning = "hm", TokenCount = 7 },
                new NewMessage { Role = "tool", Content = "", ToolCallId = "c1", ToolName = "terminal" },
                new NewMessage { Role = "assistant", Content = "nul\0 and \U0001f600" },
            ],
            new SessionUsage(11, 5, "m/1"));

        var messages = await ReadAsync("a");
        Assert.Equal(ids, messages.Select(m => m.Id));
        Assert.Equal(["user", "assistant", "tool", "assistant"], messages.Select(m => m.Role));
        Assert.Null(messages[0].Content);
        Assert.True(JsonElement.DeepEquals(parts.RootElement, messages[0].ContentParts!.Value));
        Assert.True(JsonElement.DeepEquals(calls.RootElement, messages[1].ToolCalls!.Value));
        Assert.Equal((null, "tool_calls", "hm", 7L), (messages[1].Content, messages[1].FinishReason, messages[1].Reasoning, messages[1].TokenCount));
        Assert.Equal(("", "c1", "terminal"), (messages[2].Content, messages[2].ToolCallId, messages[2].ToolName));
        Assert.Equal("nul\0 and \U0001f600", messages[3].Content);
        var session = await Store.FindAsync("a");
        Assert.Equal((4, 2, 11, 5), (session!.MessageCount, session.ToolCallCount, session.InputTokens, session.OutputTokens));
        Assert.Equal("m/1", session.Model);
        Assert.Equal("see", session.Preview);
    }

    [Theory]
    [InlineData("\0json:[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]")]
    [InlineData("\0json:\"\"")]
    [InlineData("\0json:null")]
    [InlineData("\0json:{broken")]
    [InlineData("\0json:")]
    public async Task AppendAsync_TextThatLooksLikeStoredJson_StaysText(string text)
    {
        await Store.CreateAndAppendAsync(new NewSession { Id = "a" }, [new NewMessage { Role = "user", Content = text }]);

        var message = Assert.Single(await ReadAsync("a"));
        Assert.Equal(text, message.Content);
        Assert.Null(message.ContentParts);
    }

    [Fact]
    public async Task CreateAndAppendAsync_NewSession_IsCreatedWithItsMessages()
    {
        var ids = await Store.CreateAndAppendAsync(new NewSession { Id = " a ", Title = "T" }, [User("one"), User("two")]);

        Assert.Equal(ids, (await ReadAsync("a")).Select(m => m.Id));
        var session = await Store.FindAsync("a");
        Assert.Equal(("T", 2, NewSession.ApiServerSource), (session!.Title, session.MessageCount, session.Source));
    }

    [Fact]
    public async Task CreateAndAppendAsync_SessionThatExists_StaysAsItIs()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "T", Source = "cli" });
        await Store.AppendAsync("a", [User("one")]);

        await Store.CreateAndAppendAsync(new NewSession { Id = "a", Title = "another" }, [User("two")]);

        Assert.Equal(["one", "two"], (await ReadAsync("a")).Select(m => m.Content));
        var session = await Store.FindAsync("a");
        Assert.Equal(("T", "cli", 2), (session!.Title, session.Source, session.MessageCount));
    }

    [Fact]
    public async Task CreateAndAppendAsync_UnusableSession_StoresNothing()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Title = "T" });

        await Assert.ThrowsAsync<SessionValidationException>(() => Store.CreateAndAppendAsync(new NewSession { Id = "b", Title = "T" }, [User("one")]));
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.CreateAndAppendAsync(new NewSession { Id = "" }, [User("one")]));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAndAppendAsync(new NewSession(), [User("one")]));

        Assert.Equal("a", Assert.Single((await Store.ListAsync(new SessionQuery())).Items).Id);
    }

    [Fact]
    public async Task AppendAsync_Model_DoesNotReplaceTheFirst()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Model = "first" });

        await Store.AppendAsync("a", [], new SessionUsage(1, 2, "second"));

        var session = await Store.FindAsync("a");
        Assert.Equal(("first", 1, 2), (session!.Model, session.InputTokens, session.OutputTokens));
    }

    [Fact]
    public async Task AppendAsync_ClockSetBack_KeepsTheOrder()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        await Store.AppendAsync("a", [User("question")]);
        _time.Now -= TimeSpan.FromMinutes(5);

        await Store.AppendAsync("a", [User("later")]);

        Assert.Equal(["question", "later"], (await ReadAsync("a")).Select(m => m.Content));
    }

    [Fact]
    public async Task AppendAsync_ById_IsExact()
    {
        await Store.CreateAsync(new NewSession { Id = "abc" });

        await Assert.ThrowsAsync<SessionNotFoundException>(() => Store.AppendAsync("ab", [User("hi")]));
    }

    [Fact]
    public async Task ReadMessagesAsync_Pages_AreOldestFirstEitherWay()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        await Store.AppendAsync("a", [.. Enumerable.Range(0, 5).Select(i => User($"{i}"))]);

        Assert.Equal("01", await TextsAsync(new MessageQuery { Limit = 2 }));
        Assert.Equal("23", await TextsAsync(new MessageQuery { Limit = 2, Offset = 2 }));
        Assert.Equal("34", await TextsAsync(new MessageQuery { Limit = 2, Latest = true }));
        Assert.Equal("12", await TextsAsync(new MessageQuery { Limit = 2, Offset = 2, Latest = true }));
        Assert.Equal("01234", await TextsAsync(new MessageQuery { Latest = true, Offset = -1 }));
        Assert.Equal("0", await TextsAsync(new MessageQuery { Limit = 0 }));
        Assert.Equal("", await TextsAsync(new MessageQuery { Offset = long.MaxValue }));

        async Task<string> TextsAsync(MessageQuery query) => string.Concat((await ReadAsync("a", query)).Select(m => m.Content));
    }

    [Fact]
    public async Task ReadMessagesAsync_SlowReader_SeesOneMoment()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        await Store.AppendAsync("a", [User("1"), User("2")]);
        var seen = new List<string?>();

        await foreach (var message in Store.ReadMessagesAsync("a"))
        {
            seen.Add(message.Content);
            await Store.AppendAsync("a", [User("more")]);
        }

        Assert.Equal(["1", "2"], seen);
    }

    [Fact]
    public async Task ListAsync_Sessions_AreNewestFirst()
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await Store.CreateAsync(new NewSession { Id = id });
            _time.Now += TimeSpan.FromSeconds(1);
        }

        await Store.AppendAsync("a", [User("hi")]);

        var page = await Store.ListAsync(new SessionQuery());
        Assert.Equal(["c", "b", "a"], page.Items.Select(s => s.Id));
        Assert.Equal(_time.Now, page.Items[2].LastActive);
        Assert.Equal("hi", page.Items[2].Preview);
    }

    [Fact]
    public async Task ListAsync_LimitAndOffset_AreClamped()
    {
        await CreateSameTimeAsync(3);

        Assert.Single((await Store.ListAsync(new SessionQuery { Limit = -1 })).Items);
        Assert.Equal(3, (await Store.ListAsync(new SessionQuery { Limit = int.MaxValue, Offset = -5 })).Items.Count);
        var beyond = await Store.ListAsync(new SessionQuery { Offset = long.MaxValue });
        Assert.Empty(beyond.Items);
        Assert.Equal(3, beyond.Total);
        Assert.False(beyond.HasMore);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task ListAsync_Before_GivesEachSessionOnceAlsoAtOneTime(int limit)
    {
        await CreateSameTimeAsync(7);
        var seen = new List<string>();

        string? before = null;
        do
        {
            var page = await Store.ListAsync(new SessionQuery { Limit = limit, Before = before });
            Assert.Equal(7, page.Total);
            Assert.Equal(page.HasMore, page.Next is not null);
            seen.AddRange(page.Items.Select(s => s.Id));
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal((await Store.ListAsync(new SessionQuery())).Items.Select(s => s.Id), seen);
        Assert.Equal(7, seen.Distinct().Count());
    }

    [Fact]
    public async Task ListAsync_CursorThatNoPageGave_IsRefusedInAnEmptyStoreToo() =>
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.ListAsync(new SessionQuery { Before = "nonsense" }));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("!!!!")]
    public async Task ListAsync_CursorThatNoPageGave_IsRefused(string before)
    {
        await CreateSameTimeAsync(1);

        await Assert.ThrowsAsync<SessionValidationException>(() => Store.ListAsync(new SessionQuery { Before = before }));
    }

    [Fact]
    public async Task ListAsync_Filters_Combine()
    {
        await Store.CreateAsync(new NewSession { Id = "a", Source = "cli", Title = "100% Docker" });
        await Store.CreateAsync(new NewSession { Id = "b", Source = "cli", Title = "docker_compose" });
        await Store.CreateAsync(new NewSession { Id = "c", Source = "telegram", Title = "Docker too" });
        await Store.CreateAsync(new NewSession { Id = "d", Source = "cli" });

        Assert.Equal("abd", await IdsAsync(new SessionQuery { Source = "cli" }));
        Assert.Equal("abc", await IdsAsync(new SessionQuery { TitleContains = "DOCKER" }));
        Assert.Equal("ab", await IdsAsync(new SessionQuery { TitleContains = "docker", Source = "cli" }));
        Assert.Equal("a", await IdsAsync(new SessionQuery { TitleContains = "0%" }));
        Assert.Equal("b", await IdsAsync(new SessionQuery { TitleContains = "_" }));
        Assert.Equal("", await IdsAsync(new SessionQuery { Source = "CLI" }));

        // In every script, and beyond the first 65,536 characters as well.
        await Store.CreateAsync(new NewSession { Id = "e", Source = "cli", Title = "Поездка в Москву, ΑΘΗΝΑ, ÅRHUS, \U0001E900\U0001E901" });
        Assert.Equal("e", await IdsAsync(new SessionQuery { TitleContains = "в москву, αθηνα" }));
        Assert.Equal("e", await IdsAsync(new SessionQuery { TitleContains = "МОСКВУ" }));
        Assert.Equal("e", await IdsAsync(new SessionQuery { TitleContains = "århus" }));
        Assert.Equal("e", await IdsAsync(new SessionQuery { TitleContains = "\U0001E922\U0001E923" }));

        async Task<string> IdsAsync(SessionQuery query)
        {
            var page = await Store.ListAsync(query);
            Assert.Equal(page.Items.Count, page.Total);
            return string.Concat(page.Items.Select(s => s.Id).Order());
        }
    }

    [Fact]
    public async Task UpdateAsync_Flags_AreKeptForTheWholeConversationOrRefusedAndNothingChanges()
    {
        await ContinueAsync();
        await Store.CreateAsync(new NewSession { Id = "other" });
        foreach (var (change, flag) in ((SessionChange, Func<Session, bool?>)[])
        [
            (new SessionChange { Pinned = true }, session => session.Pinned), (new SessionChange { Archived = true }, session => session.Archived),
            (new SessionChange { Hidden = true }, session => session.Hidden), (new SessionChange { Unread = true }, session => session.Unread),
        ])
        {
            var before = (await Store.FindAsync("a"))!;
            Assert.Equal(flag(before), flag((await Store.FindAsync("other"))!));
            if (flag(before) is null)
            {
                await Assert.ThrowsAsync<SessionValidationException>(() => Store.UpdateAsync("b", change with { Title = "Changed" }));
                Assert.Equal(before, await Store.FindAsync("a"));
            }
            else
            {
                Assert.True(flag((await Store.UpdateAsync("b", change))!));
                Assert.True(flag((await Store.FindAsync("a"))!));
                Assert.False(flag((await Store.FindAsync("other"))!));
            }
        }
    }

    [Fact]
    public async Task ListAsync_Flags_FilterWhatIsKeptAndNothingElse()
    {
        await Store.CreateAsync(new NewSession { Id = "plain" });
        _time.Now -= TimeSpan.FromMinutes(1);
        await Store.CreateAsync(new NewSession { Id = "flagged" });
        if ((await Store.FindAsync("flagged"))!.Pinned is null)
        {
            Assert.Equal(2, (await Store.ListAsync(new SessionQuery { PinnedFirst = true })).Total);
            Assert.Equal(0, (await Store.ListAsync(new SessionQuery { Pinned = SessionFlagFilter.Only })).Total);
            Assert.Equal(0, (await Store.ListAsync(new SessionQuery { Archived = SessionFlagFilter.Only })).Total);
            return;
        }

        await Store.UpdateAsync("flagged", new SessionChange { Pinned = true, Archived = true });
        Assert.Equal(["plain"], await IdsAsync(new SessionQuery()));
        Assert.Equal(["plain", "flagged"], await IdsAsync(new SessionQuery { Archived = SessionFlagFilter.Include }));
        Assert.Equal(["flagged", "plain"], await IdsAsync(new SessionQuery { Archived = SessionFlagFilter.Include, PinnedFirst = true }));
        Assert.Equal(["flagged"], await IdsAsync(new SessionQuery { Archived = SessionFlagFilter.Include, Pinned = SessionFlagFilter.Only }));
        await Store.UpdateAsync("flagged", new SessionChange { Hidden = true });
        Assert.Equal(["plain"], await IdsAsync(new SessionQuery { Archived = SessionFlagFilter.Include }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ListAsync_Recent_PagesByCursorHaveEachOnceByItsLastActivity(int limit)
    {
        await ContinueAsync();
        foreach (var id in (string[])["c", "d", "e"])
        {
            await Store.CreateAsync(new NewSession { Id = id });
            _time.Now += TimeSpan.FromMinutes(1);
        }

        await Store.AppendAsync("c", [User("again")]);
        _time.Now += TimeSpan.FromMinutes(1);
        await Store.AppendAsync("a", [User("and again")]);

        var listed = new List<string>();
        SessionPage page;
        var query = new SessionQuery { Order = SessionOrder.Recent, Limit = limit };
        do
        {
            page = await Store.ListAsync(query);
            Assert.Equal(4, page.Total);
            Assert.Equal(page.HasMore, page.Next is not null);
            listed.AddRange(page.Items.Select(session => session.Id));
            query = query with { Before = page.Next };
        }
        while (page.Next is not null);

        Assert.Equal(["a", "c", "e", "d"], listed);
    }

    [Fact]
    public async Task ListAsync_MinMessages_CountsThoseOfTheConversation()
    {
        await ContinueAsync();
        await Store.CreateAsync(new NewSession { Id = "c" });
        await Store.AppendAsync("c", [User("one"), User("two")]);
        await Store.CreateAsync(new NewSession { Id = "d" });

        Assert.Equal(["a"], await IdsAsync(new SessionQuery { MinMessages = 3 }));
        Assert.Equal(["a", "c"], (await IdsAsync(new SessionQuery { MinMessages = 2 })).Order());
        Assert.Equal(["a", "c", "d"], (await IdsAsync(new SessionQuery())).Order());
    }

    [Fact]
    public async Task UpdateAsync_Model_IsThatOfTheWholeConversationUntilItIsGivenBack()
    {
        await ContinueAsync();

        Assert.Equal(("big", "big"), (await Store.UpdateAsync("a", new SessionChange { Model = "big" })) is { } changed ? (changed.ChosenModel, changed.Model) : default);
        Assert.Equal("big", (await Store.FindAsync("b"))!.ChosenModel);
        Assert.Equal("other", (await Store.UpdateAsync("b", new SessionChange { Model = "other" }))!.ChosenModel);
        Assert.Null((await Store.UpdateAsync("a", new SessionChange { Model = "" }))!.ChosenModel);
        Assert.Null(await Store.UpdateAsync("none", new SessionChange { Model = "big" }));
    }

    [Fact]
    public async Task AppendAsync_ContextTokens_AreThoseOfTheLastTurn()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        Assert.Null((await Store.FindAsync("a"))!.LastTurn);
        await Store.AppendAsync("a", [User("one"), Answer("1")], new SessionUsage(100, 10, "m") { ContextTokens = 110 });
        await Store.AppendAsync("a", [User("two"), Answer("2")], new SessionUsage(300, 20, "n") { ContextTokens = 200 });
        Assert.Equal(new TurnUsage("n", 200), (await Store.FindAsync("a"))!.LastTurn);

        await Store.AppendAsync("a", [User("three"), Answer("3")]);

        Assert.Null((await Store.FindAsync("a"))!.LastTurn);
        static NewMessage Answer(string text) => new() { Role = "assistant", Content = text };
    }

    [Fact]
    public async Task ReadUsageAsync_Sessions_AreAddedUpByDayAndModel()
    {
        await AddAsync("old", "m", 1);
        _time.Now = new DateTimeOffset(2026, 1, 3, 23, 59, 59, TimeSpan.Zero);
        await AddAsync("late", "m", 10);
        _time.Now += TimeSpan.FromSeconds(1);
        await AddAsync("early", "n", 100);
        await Store.CreateAsync(new NewSession { Id = "unused" });

        var usage = await Store.ReadUsageAsync(new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(
            [(new DateOnly(2026, 1, 3), 10L, 20L, 1L), (new DateOnly(2026, 1, 4), 100, 200, 2)],
            usage.Daily.Select(day => (day.Day, day.Used.InputTokens, day.Used.OutputTokens, day.Used.Sessions)));
        Assert.Equal([("n", 100L, 1L), ("m", 10, 1)], usage.ByModel.Select(model => (model.Model, model.Used.InputTokens, model.Used.Sessions)));
        Assert.Equal((110, 220, 3), (usage.Totals.InputTokens, usage.Totals.OutputTokens, usage.Totals.Sessions));
        Assert.Equal(4, (await Store.ReadUsageAsync(DateTimeOffset.UnixEpoch)).Totals.Sessions);

        async Task AddAsync(string id, string model, long tokens)
        {
            await Store.CreateAsync(new NewSession { Id = id, Model = model });
            await Store.AppendAsync(id, [User("hi")], new SessionUsage(tokens, 2 * tokens));
        }
    }

    [Theory]
    [InlineData("prefix-exact", "prefix-exact")]
    [InlineData("prefix-exact-", "prefix-exact-2")]
    [InlineData("prefix-u", "Prefix-Unique")]
    [InlineData("PREFIX-UNIQUE", "Prefix-Unique")]
    [InlineData("prefix-", null)]
    [InlineData("p", null)]
    [InlineData("wild%", "wild%card")]
    [InlineData("wild_", null)]
    [InlineData("%", null)]
    [InlineData("it's", "it's")]
    [InlineData("ид-日", "ид-日本")]
    [InlineData("ИД", null)]
    [InlineData("prefix-exact-22", null)]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    [InlineData("prefix-exact\0", null)]
    public async Task FindAsync_IdOrPrefix_FindsTheOnlyOne(string idOrPrefix, string? found)
    {
        foreach (var id in (string[])["prefix-exact", "prefix-exact-2", "Prefix-Unique", "wild%card", "wildXcard", "it's", "ид-日本"])
            await Store.CreateAsync(new NewSession { Id = id });

        Assert.Equal(found, (await Store.FindAsync(idOrPrefix))?.Id);
    }

    [Fact]
    public async Task FindAsync_HalfASurrogatePair_IsNotTheReplacementCharacter()
    {
        await Store.CreateAsync(new NewSession { Id = "half\ufffd" });

        Assert.Null(await Store.FindAsync("half\ud83d"));
    }

    [Fact]
    public async Task FindAsync_AnyPrefix_FindsWhatComparingAllIdsFinds()
    {
        var random = new Random(7);
        var ids = new HashSet<string>();
        while (ids.Count < 60)
            ids.Add(string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => "aAbB-z"[random.Next(6)])));

        foreach (var id in ids)
            await Store.CreateAsync(new NewSession { Id = id });

        for (var i = 0; i < 300; i++)
        {
            var prefix = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => "aAbB-zZ"[random.Next(7)]));
            var matching = ids.Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
            var expected = ids.Contains(prefix) ? prefix : matching.Count == 1 ? matching[0] : null;
            Assert.Equal(expected, (await Store.FindAsync(prefix))?.Id);
        }
    }

    [Fact]
    public async Task DeleteAsync_Session_TakesItsMessagesAlong()
    {
        await Store.CreateAsync(new NewSession { Id = "abc" });
        await Store.AppendAsync("abc", [User("hi")]);

        Assert.False(await Store.DeleteAsync("ab"));
        Assert.True(await Store.DeleteAsync("abc"));

        Assert.Null(await Store.FindAsync("abc"));
        Assert.Empty(await ReadAsync("abc"));
        Assert.False(await Store.DeleteAsync("abc"));
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnce_LosesNothing()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Store.AppendAsync("a", [User($"{i}")], new SessionUsage(1, 1)))));

        Assert.Equal(50, (await ReadAsync("a")).Select(m => m.Content).Distinct().Count());
        var session = await Store.FindAsync("a");
        Assert.Equal((50, 50), (session!.MessageCount, session.InputTokens));
    }

    [Fact]
    public async Task Methods_Cancelled_DoNothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CreateAsync(new NewSession { Id = "a" }, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ListAsync(new SessionQuery(), cancelled));

        Assert.Null(await Store.FindAsync("a"));
    }

    [Fact]
    public async Task Conversation_ThatWentOnInAnotherSession_IsOne()
    {
        await ContinueAsync();

        var listed = Assert.Single((await Store.ListAsync(new SessionQuery())).Items);
        Assert.Equal(("a", "b", "a"), (listed.Id, listed.TipId, listed.LineageRootId));
        Assert.Equal(("second", "T #2", 5, "one"), (listed.Model, listed.Title, listed.MessageCount, listed.Preview));
        Assert.Null(listed.EndReason);
        foreach (var id in (string[])["a", "b"])
        {
            Assert.Equal("a", (await Store.FindAsync(id))!.Id);
            Assert.Equal(["one", "two", "summary", "three"], (await ReadAsync(id)).Select(m => m.Content));
            Assert.Equal(["three"], (await ReadAsync(id, new MessageQuery { Limit = 1, Latest = true })).Select(m => m.Content));
            Assert.Equal(["summary", "two", "three"], (await ReadAsync(id, new MessageQuery { Audience = MessageAudience.Model })).Select(m => m.Content));
        }
    }

    [Fact]
    public async Task Conversation_ChangedByAnyOfItsIds_ChangesItsLastSession()
    {
        await ContinueAsync();

        await Store.AppendAsync("a", [User("four")]);
        await Store.CreateAndAppendAsync(new NewSession { Id = "a" }, [User("five")]);
        Assert.Equal("T", (await Store.RenameAsync("a", "T"))!.Title);
        Assert.Equal("done", (await Store.EndAsync("a", "done"))!.EndReason);

        Assert.Equal(["b", "b"], (await ReadAsync("a", new MessageQuery { Limit = 2, Latest = true })).Select(m => m.SessionId));
        var branch = await Store.ForkAsync("a", new NewFork { Id = "c" });
        Assert.Equal("b", branch!.ParentSessionId);
        Assert.Equal(
            ["summary", "two", "three", "four", "five"], (await ReadAsync("c", new MessageQuery { Audience = MessageAudience.Model })).Select(m => m.Content));
        Assert.Equal(["c", "a"], (await Store.ListAsync(new SessionQuery())).Items.Select(session => session.Id));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task DeleteAsync_PartOfAConversation_TakesTheWholeOfItAndNothingElse(string id)
    {
        await ContinueAsync();
        await Store.ForkAsync("a", new NewFork { Id = "branch" });
        await Store.EndAsync("b", "session_reset");
        await Store.CreateAsync(new NewSession { Id = "after", ParentSessionId = "b" });

        Assert.True(await Store.DeleteAsync(id));

        var left = await Store.ListAsync(new SessionQuery { IncludeChildren = true });
        Assert.Equal(["after", "branch"], left.Items.Select(session => session.Id).Order());
        Assert.All(left.Items, session => Assert.Null(session.ParentSessionId));
    }

    [Fact]
    public async Task CreateAsync_ParentThatDoesNotExist_IsRefused()
    {
        await Assert.ThrowsAsync<SessionValidationException>(() => Store.CreateAsync(new NewSession { Id = "a", ParentSessionId = "gone" }));

        Assert.Null(await Store.FindAsync("a"));
    }

    [Fact]
    public async Task ReadMessagesAsync_TimesThatGoBack_OrderIsThatOfWriting()
    {
        await Store.CreateAsync(new NewSession { Id = "a" });
        await Store.AppendAsync("a", [.. Enumerable.Range(0, 4).Select(i => User($"{i}") with { Timestamp = _time.Now - TimeSpan.FromMinutes(i) })]);

        Assert.Equal(["0", "1", "2", "3"], (await ReadAsync("a")).Select(m => m.Content));
        Assert.Equal(["2", "3"], (await ReadAsync("a", new MessageQuery { Limit = 2, Latest = true })).Select(m => m.Content));
        var session = await Store.FindAsync("a");
        Assert.Equal(("0", _time.Now), (session!.Preview, session.LastActive));
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract SessionStore CreateEmpty(TimeProvider time);

    protected virtual void Dispose(bool disposing) => (_store as IDisposable)?.Dispose();

    private static NewMessage User(string text) => new() { Role = "user", Content = text };

    /// <summary>Makes session <c>a</c>, which was compacted and goes on in <c>b</c> with a summary and what was carried over.</summary>
    private async Task ContinueAsync()
    {
        var carried = User("two") with { Timestamp = _time.Now };
        await Store.CreateAsync(new NewSession { Id = "a", Title = "T", Model = "first" });
        await Store.AppendAsync("a", [User("one"), carried]);
        await Store.EndAsync("a", "compression");
        _time.Now += TimeSpan.FromMinutes(1);
        await Store.CreateAsync(new NewSession { Id = "b", Title = "T #2", Model = "second", ParentSessionId = "a" });
        await Store.AppendAsync("b", [User("summary"), carried, User("three")]);
        _time.Now += TimeSpan.FromMinutes(1);
    }

    private async Task<List<string>> IdsAsync(SessionQuery query) => [.. (await Store.ListAsync(query)).Items.Select(session => session.Id)];

    private async Task CreateSameTimeAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await Store.CreateAsync(new NewSession());
    }

    private async Task<List<Message>> ReadAsync(string sessionId, MessageQuery? query = null)
    {
        var messages = new List<Message>();
        await foreach (var message in Store.ReadMessagesAsync(sessionId, query))
        {
            messages.Add(message);
        }

        return messages;
    }
}
