using System.Text;
using Hermes.Core;

namespace Hermes.Benchmarks.Homes;

/// <summary>The files of a home beside its database: 300 skills, full memory files, a config.yaml of many sections.</summary>
internal static class SampleFiles
{
    private const int Skills = 300;
    private const int MemoryCharacters = 2_200;
    private const int UserCharacters = 1_375;

    // Files that were written a moment ago are read again each time: their next change might get the same time.
    private static readonly DateTime LongAgo = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static void Write(HermesHome home)
    {
        var text = new SampleText(seed: 2);
        WriteSkills(home, text);
        WriteMemory(home, text);
        WriteConfig(home, text);
        Age(home);
    }

    /// <summary>Writes the memory.</summary>
    public static void WriteMemory(HermesHome home, SampleText text)
    {
        Directory.CreateDirectory(home.MemoriesFolder);
        File.WriteAllText(Path.Join(home.MemoriesFolder, "MEMORY.md"), Entries(text, MemoryCharacters));
        File.WriteAllText(Path.Join(home.MemoriesFolder, "USER.md"), Entries(text, UserCharacters));
    }

    /// <summary>Writes the skills, each with a text of its own.</summary>
    public static void WriteSkills(HermesHome home, SampleText text)
    {
        for (var number = 0; number < Skills; number++)
        {
            var folder = Directory.CreateDirectory(Path.Join(home.SkillsFolder, $"category-{number % 12}", $"skill-{number}")).FullName;
            File.WriteAllText(Path.Join(folder, "SKILL.md"), $"""
                ---
                name: skill-{number}
                description: {text.Say(12)}
                version: 1.0.{number}
                author: bench
                tags: [deploy, docker, index]
                metadata:
                  hermes:
                    tags: [a, b]
                ---
                # skill-{number}

                """ + string.Join('\n', Enumerable.Range(0, 20).Select(_ => text.Say(20))) + '\n');
        }
    }

    /// <summary>Writes the configuration.</summary>
    public static void WriteConfig(HermesHome home, SampleText text)
    {
        var config = new StringBuilder($"""
            model:
              default: acme/model-1
              provider: acme
              base_url: https://user:made-up-password@models.example/v1?api_key=made-up-key
              api_key: sk-made-up-key-that-no-answer-shows
              max_tokens: 8192
            display:
              personality: plain
              compact: yes
            memory:
              memory_enabled: true
              memory_char_limit: 2200
              user_char_limit: 1375
            timezone: Europe/London
            toolsets: [web, terminal, files]
            agent:
              max_turns: 90
              system_prompt: "{text.Say(60)}"
            smart_model_routing:
              enabled: off
            tts:
              provider: edge
              voice: en-US-AriaNeural
            stt:
              enabled: true
            skills:
              disabled: [skill-7, skill-8]
            custom_providers:

            """);
        for (var number = 0; number < 20; number++)
        {
            config.Append($"""
                - name: provider-{number}
                  base_url: https://provider-{number}.example/v1
                  api_key: sk-made-up-{number}
                  key_env: PROVIDER_{number}_KEY
                  headers:
                    X-Token: made-up-{number}
                  models:
                    model-{number}:
                      context_length: 128000
                      description: "{text.Say(8)}"

                """);
        }

        File.WriteAllText(home.ConfigFile, config.ToString());
    }

    /// <summary>Makes a second version of a file or folder of the home, of the same age.</summary>
    /// <returns>Swaps the two versions by renaming. Writing takes so long that the idle server's threads look for work, and their time would be counted as the request's.</returns>
    public static Action Exchange(HermesHome home, string path, Action write)
    {
        var (other, third) = ($"{path}.other", $"{path}.third");
        Directory.Move(path, other);
        write();
        Age(home);
        return () =>
        {
            Directory.Move(path, third);
            Directory.Move(other, path);
            Directory.Move(third, other);
        };
    }

    /// <summary>Gives every file and folder an old time.</summary>
    public static void Age(HermesHome home)
    {
        var files = Directory.EnumerateFiles(home.SkillsFolder, "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(home.MemoriesFolder))
            .Append(home.ConfigFile);
        foreach (var file in files)
            File.SetLastWriteTimeUtc(file, LongAgo);

        foreach (var folder in Directory.EnumerateDirectories(home.SkillsFolder, "*", SearchOption.AllDirectories).Append(home.SkillsFolder))
            Directory.SetLastWriteTimeUtc(folder, LongAgo);
    }

    private static string Entries(SampleText text, int characters)
    {
        var entries = new StringBuilder(text.Say(12));
        while (entries.Length < characters)
            entries.Append("\n§\n").Append(text.Say(12));

        // A character of two units is not cut.
        return entries.ToString(0, char.IsHighSurrogate(entries[characters - 1]) ? characters - 1 : characters);
    }
}
