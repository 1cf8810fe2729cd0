using System.IO.Abstractions;
using System.Text;
using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> as it stands, secrets included: never for an answer, which is <see cref="SafeConfig"/>'s.</summary>
/// <remarks>
/// Read again when its length or time of modification changes. Safe from any thread; what it returns is shared and must not be changed.
/// </remarks>
internal sealed class ConfigFile(HermesHome home, IFileSystem fileSystem)
{
    // Far beyond any configuration: what is larger is some other file.
    private const long MaxLength = 16 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private volatile ConfigSnapshot? _snapshot;
    private volatile Failure? _failure;

    /// <summary>The file's mapping; an empty one where there is no file or nothing in it.</summary>
    /// <exception cref="ConfigUnreadableException">The file cannot be read, or is no YAML mapping.</exception>
    public ConfigSnapshot Read()
    {
        // The stamp comes first: a change between it and the reading is seen the next time.
        var now = DateTimeOffset.UtcNow;
        FileStatus? stamp = null;
        try
        {
            stamp = FileStatus.FindRegularFile(fileSystem, home.ConfigFile);
            return ReadChanged(stamp, now);
        }
        catch (Exception exception) when (FaultOfContent(exception) is { } reason)
        {
            // It is not looked for again while the content stays.
            if (stamp is { } seen && seen.IsSettled(now))
            {
                _failure = new Failure(seen, reason);
            }

            throw new ConfigUnreadableException(reason);
        }
        catch (NotRegularFileException exception)
        {
            throw new ConfigUnreadableException($"it is {exception.What}");
        }
        catch (UnauthorizedAccessException)
        {
            throw new ConfigUnreadableException("access to it is denied");
        }
        catch (IOException)
        {
            throw new ConfigUnreadableException("the file system reports an error");
        }
    }

    /// <summary>The same, with an empty mapping for a file that cannot be read: for those who only look up a preference.</summary>
    public YamlMapping ReadOrEmpty()
    {
        try
        {
            return Read().Root;
        }
        catch (ConfigUnreadableException)
        {
            return ConfigSnapshot.Empty.Root;
        }
    }

    /// <summary>The mapping that a text holds; an empty one where there is nothing in it.</summary>
    /// <exception cref="YamlLoadException">The text is no YAML.</exception>
    /// <exception cref="ConfigUnreadableException">It is no mapping.</exception>
    public static YamlMapping Parse(string text) => YamlLoader.Load(text) switch
    {
        null => new YamlMapping(),
        YamlMapping mapping => mapping,
        _ => throw new ConfigUnreadableException("it is not a mapping of keys to values"),
    };

    private ConfigSnapshot ReadChanged(FileStatus? found, DateTimeOffset now)
    {
        if (found is not { } stamp)
        {
            return _snapshot = ConfigSnapshot.Empty;
        }

        if (_snapshot is { } snapshot && snapshot.Stamp == stamp && snapshot.IsSettled)
        {
            return snapshot;
        }

        if (_failure is { } failure && failure.Stamp == stamp)
        {
            throw new ConfigUnreadableException(failure.Reason);
        }

        if (stamp.Length > MaxLength)
        {
            throw new ConfigUnreadableException($"it is larger than {MaxLength / 1024 / 1024} MiB");
        }

        try
        {
            // Where nothing tells a pipe from a file, it has no length: opening it might wait without end.
            var text = stamp.Length == 0 ? "" : StrictUtf8.GetString(fileSystem.File.ReadAllBytes(home.ConfigFile));

            // The same text again keeps its snapshot, and with it what others made of it.
            return _snapshot = _snapshot is { } latest && latest.Text == text
                ? latest with { Stamp = stamp, IsSettled = stamp.IsSettled(now) }
                : new ConfigSnapshot(text, Parse(text), stamp, stamp.IsSettled(now));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return _snapshot = ConfigSnapshot.Empty;
        }
    }

    private static string? FaultOfContent(Exception exception) => exception switch
    {
        ConfigUnreadableException unreadable => unreadable.Reason,
        YamlLoadException yaml => $"line {yaml.Line}, column {yaml.Column}",
        DecoderFallbackException => "it is not UTF-8",
        _ => null,
    };

    private sealed record Failure(FileStatus Stamp, string Reason);
}

/// <summary>What <c>config.yaml</c> was at one time.</summary>
/// <param name="Text">The file's text, secrets included; empty where there was none.</param>
/// <param name="Root">Its mapping, secrets included. The same object for as long as the text is the same.</param>
/// <param name="Stamp">The file's stamp when it was read; null where there was none.</param>
/// <param name="IsSettled">Whether an equal stamp proves that the file is still the same.</param>
internal sealed record ConfigSnapshot(string Text, YamlMapping Root, FileStatus? Stamp, bool IsSettled)
{
    /// <summary>No file.</summary>
    public static readonly ConfigSnapshot Empty = new("", new YamlMapping(), Stamp: null, IsSettled: false);
}
