using Hermes.Core.Sessions;

namespace Hermes.Host;

/// <summary>A small made-up home in a temporary folder, so that a newcomer sees every part of the API answer at once.</summary>
internal sealed class DemoHome : IDisposable
{
    /// <summary>The argument that asks for it.</summary>
    public const string Switch = "--demo";

    private static readonly (string Path, string Text)[] Files =
    [
        ("memories/MEMORY.md", "The shop's repository is at /srv/shop and builds with pnpm\n§\nDeploys go through `make deploy`, on weekdays before 15:00"),
        ("memories/USER.md", "Name: Ada\n§\nPrefers short answers with the command first"),
        ("skills/devops/deploy/SKILL.md", """
            ---
            name: deploy
            description: Takes a release to production, step by step
            tags: [release, operations]
            triggers: [deploy, roll back]
            ---
            # Deploy

            1. `make check`
            2. `make deploy`
            3. Watch the error rate for ten minutes; `make rollback` takes it back.

            """),
        ("skills/writing/changelog/SKILL.md", """
            ---
            name: changelog
            description: Turns commits into notes that users understand
            tags: writing, release
            ---
            # Changelog

            Group by what users notice. Leave out what they do not.

            """),
        ("config.yaml", """
            custom_providers:
              - name: example
                base_url: https://models.example/v1
                model: example/model-1
                api_key: made-up-key-that-no-answer-shows
            display:
              personality: plain
            memory:
              memory_enabled: true
            timezone: Europe/London

            """),
    ];

    /// <summary>Lays out the files; the sessions come with <see cref="FillAsync"/>.</summary>
    public DemoHome()
    {
        foreach (var (path, text) in Files)
        {
            var file = System.IO.Path.Join(Path, path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    /// <summary>The home's path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("hermes-demo-").FullName;

    /// <summary>Stores the made-up sessions.</summary>
    public static async Task FillAsync(IServiceProvider services)
    {
        var sessions = services.GetRequiredService<SessionStore>();
        await sessions.CreateAsync(new NewSession { Id = "demo-deploy", Title = "Friday's release", Model = "example/model-1", Source = "cli" });
        await sessions.AppendAsync(
            "demo-deploy",
            [
                new NewMessage { Role = "user", Content = "Can we still release today?" },
                new NewMessage { Role = "assistant", Content = "It is past 15:00, and deploys stop then. Monday morning is free.", FinishReason = "stop" },
            ],
            new SessionUsage(420, 18));
        await sessions.CreateAsync(new NewSession { Id = "demo-changelog", Title = "Notes for 2.4", Model = "example/model-1", Source = "telegram" });
        await sessions.AppendAsync(
            "demo-changelog",
            [
                new NewMessage { Role = "user", Content = "Write the notes for 2.4 from the last twelve commits." },
                new NewMessage { Role = "assistant", Content = "Faster start, two fixes in the cart, and a new export to CSV.", FinishReason = "stop" },
            ],
            new SessionUsage(1_830, 24));
    }

    /// <summary>Removes the folder, unless somebody else has.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
