using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> as it stands, secrets included: never for an answer, which is <see cref="SafeConfig"/>'s.</summary>
/// <remarks>Read again when its status changes. Safe from any thread; what it returns is shared and must not be changed.</remarks>
internal sealed class ConfigFile(HermesHome home, IFileSystem fileSystem)
{
    // Far beyond any configuration: what is larger is some other file.
    private const long MaxLength = 16 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Snapshot Missing = new("", new YamlMapping());
    private volatile Snapshot _known = Missing;

    /// <summary>The file's mapping; an empty one where there is no file or nothing in it.</summary>
    /// <exception cref="ConfigUnreadableException">The file cannot be read, or is no YAML mapping.</exception>
    public Snapshot Read()
    {
        var snapshot = Refresh();
        return snapshot.Fault is null ? snapshot : throw new ConfigUnreadableException(snapshot.Fault);
    }

    /// <summary>The same, with an empty mapping for a file that cannot be read: for those who only want to know a preference.</summary>
    public YamlMapping ReadOrEmpty() => Refresh().Root;

    /// <summary>The mapping that a text holds; an empty one where there is nothing in it.</summary>
    public static YamlMapping Parse(string text) => YamlLoader.Load(text) switch
    {
        null => new YamlMapping(),
        YamlMapping mapping => mapping,
        _ => throw new ConfigUnreadableException("it is not a mapping of keys to values"),
    };

    private Snapshot Refresh()
    {
        // The status comes first: a change between it and the reading is seen the next time.
        var known = _known;
        var now = DateTimeOffset.UtcNow;
        FileStatus? token = null;
        try
        {
            if (FileStatus.FindRegularFile(fileSystem, home.ConfigFile) is not { } status) return _known = Missing;
            if (known.Token == status) return known;

            token = status.IsSettled(now) ? status : null;
            if (status.Length > MaxLength) throw new ConfigUnreadableException($"it is larger than {MaxLength / 1024 / 1024} MiB");

            // Where nothing tells a pipe from a file, it has no length: opening it might wait without end.
            // The same text again keeps its mapping, and with it what others made of it.
            var text = status.Length == 0 ? "" : StrictUtf8.GetString(fileSystem.File.ReadAllBytes(home.ConfigFile));
            return _known = known.Fault is null && known.Text == text ? known with { Token = token } : new(text, Parse(text), token);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return _known = Missing;
        }
        catch (Exception exception) when (FaultOf(exception) is { } fault)
        {
            // Wrong content is not read again while it stays; an error of the file system may pass.
            var unreadable = Missing with { Token = token, Fault = fault };
            return exception is IOException or UnauthorizedAccessException ? unreadable : _known = unreadable;
        }
    }

    private static string? FaultOf(Exception exception) => exception switch
    {
        ConfigUnreadableException unreadable => unreadable.Reason,
        YamlLoadException yaml => $"line {yaml.Line}, column {yaml.Column}",
        DecoderFallbackException => "it is not UTF-8",
        NotRegularFileException irregular => $"it is {irregular.What}",
        UnauthorizedAccessException => "access to it is denied",
        IOException => "the file system reports an error",
        _ => null,
    };

    /// <summary>What <c>config.yaml</c> was at one time. The mapping is the same object for as long as the text is the same.</summary>
    /// <remarks>A version token that is equal proves that the file is still the same; null where it has to be read again.</remarks>
    internal sealed record Snapshot(string Text, YamlMapping Root, FileStatus? Token = null, string? Fault = null);
}
