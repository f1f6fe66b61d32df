namespace BackOffice;

/// <summary>Something that a person must look at; the message says what. The program ends, and goes on where it was when it is
/// started again.</summary>
public sealed class BackOfficeException(string message, Exception? innerException = null) : Exception(message, innerException);
